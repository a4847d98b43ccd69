/** Main memory as an ordinary family of devices. */
@NullMarked
package io.slipway.accelerator.mem;

import org.jspecify.annotations.NullMarked;
