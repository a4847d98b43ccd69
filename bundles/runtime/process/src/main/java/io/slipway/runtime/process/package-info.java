/** Runs kernels as sandboxed processes of this node, each under a supervisor that needs neither a daemon nor this JVM. */
@NullMarked
package io.slipway.runtime.process;

import org.jspecify.annotations.NullMarked;
