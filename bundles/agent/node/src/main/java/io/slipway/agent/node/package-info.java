/** The agent of this node: starts, watches and ends kernels, keeps account of devices, and tells managers what happens. */
@NullMarked
package io.slipway.agent.node;

import org.jspecify.annotations.NullMarked;
