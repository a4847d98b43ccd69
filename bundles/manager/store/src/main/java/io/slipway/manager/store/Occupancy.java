package io.slipway.manager.store;

import io.slipway.model.agent.AgentId;
import io.slipway.model.agent.DeviceAllocation;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.kernel.KernelId;

/**
 * One unfreed allocation row.
 *
 * @param agent on which agent
 * @param kernel held by which kernel
 * @param owner which access key it counts for
 * @param allocation what is held
 */
public record Occupancy(AgentId agent, KernelId kernel, AccessKey owner, DeviceAllocation allocation) {}
