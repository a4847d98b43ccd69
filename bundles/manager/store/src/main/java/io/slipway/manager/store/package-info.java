/** What the manager keeps: coarse ports, one method is one transaction. */
@NullMarked
@Export
@Version("1.0.0")
package io.slipway.manager.store;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
