package io.slipway.agent.node;

import io.slipway.agent.spi.KernelDriver;

/**
 * What the parts of the node share.
 *
 * @param table every kernel
 * @param runtimes ways to run kernels
 * @param accelerators devices
 * @param driver talks to drivers in kernels
 * @param homes home folders
 * @param notes what outlives the agent
 * @param outbox tells managers
 */
record NodeParts(
        KernelTable table,
        Runtimes runtimes,
        Accelerators accelerators,
        KernelDriver driver,
        KernelHomes homes,
        KernelNotes notes,
        EventOutbox outbox) {}
