/** Benchmarks of the owner of plug-ins; in its package because what they measure is not exported. */
@NullMarked
package io.slipway.plugin.lifecycle;

import org.jspecify.annotations.NullMarked;
