/** Runs kernels as containers of a Docker engine. */
@NullMarked
package io.slipway.runtime.docker;

import org.jspecify.annotations.NullMarked;
