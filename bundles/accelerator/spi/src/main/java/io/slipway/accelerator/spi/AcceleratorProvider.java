package io.slipway.accelerator.spi;

import io.slipway.model.agent.DeviceAllocation;
import io.slipway.model.call.Idempotent;
import io.slipway.model.slot.SlotName;
import io.slipway.model.slot.SlotType;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One family of devices on the local node: finds them and tells how to hand them to a container. Processor cores and main
 * memory are ordinary families.
 *
 * <p>Registered as an OSGi service by an accelerator plug-in; called only by the agent, one method at a time.
 */
@ConsumerType
@Idempotent
public interface AcceleratorProvider {

    /** Returns the slots that these devices are accounted under, with types; at least one; never changes. */
    Map<SlotName, SlotType> slots();

    /**
     * Asks the hardware what is there now. Called about every 10 s; must return within 5 s. Unhealthy devices are listed
     * too. A node without such hardware has an empty inventory, which is no error.
     *
     * @throws AcceleratorException if the driver cannot be asked; the agent then keeps the last inventory, marked stale
     */
    Inventory inventory() throws AcceleratorException;

    /**
     * Describes how to start a container that sees exactly these devices. Reserves nothing and has no side effect; the
     * agent does the bookkeeping.
     *
     * @param allocations of this provider's slots, devices from the latest inventory, not empty
     * @throws IllegalArgumentException if a device or slot is not one of the latest inventory
     */
    ContainerGrant grant(List<DeviceAllocation> allocations);
}
