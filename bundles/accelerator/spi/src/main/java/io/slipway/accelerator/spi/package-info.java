/** What an accelerator bundle implements: devices of one family on the local node. */
@NullMarked
@Export
@Version("1.0.0")
package io.slipway.accelerator.spi;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
