/** What a store of shared configuration implements. */
@NullMarked
@Export
@Version("1.0.0")
package io.slipway.config.spi;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
