/** An SPI of the tests, shared between them and their bundles. */
@NullMarked
package io.slipway.plugin.lifecycle.spi;

import org.jspecify.annotations.NullMarked;
