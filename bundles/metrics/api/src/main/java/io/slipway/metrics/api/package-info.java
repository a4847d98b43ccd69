/** Figures about the running system: who has some, and who serves them. */
@NullMarked
@Export
@Version("1.0.0")
package io.slipway.metrics.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
