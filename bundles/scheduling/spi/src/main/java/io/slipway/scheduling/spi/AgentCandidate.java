package io.slipway.scheduling.spi;

import io.slipway.model.agent.AgentId;
import io.slipway.model.slot.SlotAmounts;

/**
 * An agent that could take a kernel.
 *
 * @param agent which
 * @param capacity what it has
 * @param free what of it is free
 * @param kernels how many kernels it has
 */
public record AgentCandidate(AgentId agent, SlotAmounts capacity, SlotAmounts free, int kernels) {}
