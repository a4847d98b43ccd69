/** What an SPI says about its own methods, so that the platform may judge and repeat calls. */
@NullMarked
@Export
@Version("1.0.0")
package io.slipway.model.call;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
