/** Benchmarks of the gateway; in its package because what they measure is not exported. */
@NullMarked
package io.slipway.manager.gateway;

import org.jspecify.annotations.NullMarked;
