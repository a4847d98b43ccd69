/** What a bus that carries events between processes implements. */
@NullMarked
@Export
@Version("1.0.0")
package io.slipway.event.spi;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
