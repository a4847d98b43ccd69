package io.slipway.runtime.process;

/**
 * What sandboxes of this node are like.
 *
 * @param canDisableUserNamespaces whether bwrap can forbid further user namespaces inside (from 0.8 on)
 * @param hasFilter whether there is a system call filter for this architecture
 * @param hasNetwork whether kernels get a user-mode network
 * @param temporaryBytes most bytes in {@code /tmp}
 */
record SandboxTraits(boolean canDisableUserNamespaces, boolean hasFilter, boolean hasNetwork, long temporaryBytes) {}
