/** Resource policies: how much a keypair, user, project or domain may use. */
@NullMarked
@Export
@Version("1.0.0")
package io.slipway.model.policy;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
