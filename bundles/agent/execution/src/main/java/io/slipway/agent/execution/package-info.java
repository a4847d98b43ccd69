/** Runs code in kernels: talks to the driver that every kernel's main process is, over a socket or over FIFOs. */
@NullMarked
package io.slipway.agent.execution;

import org.jspecify.annotations.NullMarked;
