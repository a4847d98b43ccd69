/** Serves figures in the formats of Prometheus. */
@NullMarked
package io.slipway.metrics.prometheus;

import org.jspecify.annotations.NullMarked;
