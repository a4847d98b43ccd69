package io.slipway.manager.api;

import io.slipway.agent.api.Agent;
import io.slipway.agent.api.KernelUse;
import io.slipway.manager.store.AgentRecord;
import io.slipway.model.agent.AgentId;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.slot.SlotName;
import io.slipway.model.slot.SlotType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** The agents, from memory; filled from the table on start and by heartbeats. Thread-safe; does not block. */
@ProviderType
public interface AgentDirectory {

    /** Returns every agent, sorted by id. */
    List<AgentView> agents();

    /** Returns one agent. */
    Optional<AgentView> find(AgentId agent);

    /**
     * Returns the way to call an agent.
     *
     * @return empty if it cannot be called now
     */
    Optional<Agent> connect(AgentId agent);

    /** Returns every slot that any agent has, with type; always has {@code cpu} and {@code mem}. */
    Map<SlotName, SlotType> slotTypes();

    /** Calls a listener after agents came, went or changed what they have; on a thread of the directory. */
    AutoCloseable onChange(Runnable listener);

    /**
     * An agent with what it last told.
     *
     * @param record as stored
     * @param liveStat measured use: metric name to value text
     * @param installedImages canonical names of images on the node
     * @param kernels measured use of the kernels that run on it, as far as they can be measured
     */
    record AgentView(
            AgentRecord record,
            Map<String, String> liveStat,
            List<String> installedImages,
            Map<KernelId, KernelUse> kernels) {

        /** Copies. */
        public AgentView {
            liveStat = Map.copyOf(liveStat);
            installedImages = List.copyOf(installedImages);
            kernels = Map.copyOf(kernels);
        }

        /** Of an agent whose kernels are not measured. */
        public AgentView(AgentRecord record, Map<String, String> liveStat, List<String> installedImages) {
            this(record, liveStat, installedImages, Map.of());
        }
    }
}
