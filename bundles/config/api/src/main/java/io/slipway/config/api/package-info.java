/** Shared configuration as the rest of the system sees it, whichever store is active. */
@NullMarked
@Export
@Version("1.0.0")
package io.slipway.config.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
