/** A simulator of devices: the model to copy for a real family, and what tests run on where there is no hardware. */
@NullMarked
package io.slipway.accelerator.mock;

import org.jspecify.annotations.NullMarked;
