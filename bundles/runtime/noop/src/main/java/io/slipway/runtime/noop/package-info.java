/** A runtime whose kernels are nothing but a small file: measures everything around a runtime. */
@NullMarked
package io.slipway.runtime.noop;

import org.jspecify.annotations.NullMarked;
