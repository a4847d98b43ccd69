/** Processor cores as an ordinary family of devices. */
@NullMarked
package io.slipway.accelerator.cpu;

import org.jspecify.annotations.NullMarked;
