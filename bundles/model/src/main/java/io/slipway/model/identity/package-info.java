/** Who calls: users, keypairs, domains and projects. */
@NullMarked
@Export
@Version("1.0.0")
package io.slipway.model.identity;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
