package io.slipway.agent.node;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.slipway.agent.spi.DriverKind;
import io.slipway.model.agent.AgentId;
import io.slipway.model.agent.DeviceAllocation;
import io.slipway.model.agent.DeviceId;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.session.SessionId;
import io.slipway.model.slot.SlotName;
import io.slipway.plugin.api.PluginId;
import io.slipway.runtime.spi.OwnedKernel;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is kept with a container, so that a kernel is found again even if the agent's own notes are lost. No secrets. */
final class KernelLabels {

    static final String AGENT = "io.slipway.agent";
    static final String KERNEL = "io.slipway.kernel";
    static final String SESSION = "io.slipway.session";
    static final String IMAGE = "io.slipway.image";
    static final String DRIVER = "io.slipway.driver";
    /** Devices as JSON: a list of [device, slot, amount]. */
    static final String ALLOCATIONS = "io.slipway.allocations";

    /** Stands for a session that nobody remembers. */
    static final SessionId UNKNOWN_SESSION = new SessionId(new UUID(0, 0));

    private static final Logger LOG = LoggerFactory.getLogger(KernelLabels.class);
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private KernelLabels() {}

    static Map<String, String> of(AgentId agent, KernelNote note, String image) {
        var labels = new HashMap<String, String>();
        labels.put(AGENT, agent.value());
        labels.put(KERNEL, note.kernel().toString());
        labels.put(SESSION, note.session().toString());
        labels.put(IMAGE, image);
        labels.put(ALLOCATIONS, write(note.allocations()));
        if (note.driver() != null) {
            labels.put(DRIVER, note.driver().name());
        }
        return labels;
    }

    /** Makes the note of a container that has none. Whatever a label does not tell is left out: recovery goes on. */
    static KernelNote note(PluginId runtime, OwnedKernel owned) {
        var labels = owned.labels();
        var stage = switch (owned.state()) {
            case CREATED -> KernelNote.Stage.STARTING;
            case RUNNING, EXITED -> KernelNote.Stage.RUNNING;
        };
        return new KernelNote(
                owned.kernel(),
                session(owned.kernel(), labels.getOrDefault(SESSION, "")),
                runtime,
                stage,
                driver(labels.getOrDefault(DRIVER, "")),
                owned.containerId(),
                List.of(),
                allocations(owned.kernel(), labels.getOrDefault(ALLOCATIONS, "[]")),
                null,
                "",
                null,
                0,
                0);
    }

    private static String write(List<DeviceAllocation> allocations) {
        var rows = allocations.stream()
                .map(allocation -> List.of(
                        allocation.device().value(),
                        allocation.slot().value(),
                        allocation.amount().toPlainString()))
                .toList();
        try {
            return JSON.writeValueAsString(rows);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("lists of text are always writable", e);
        }
    }

    private static List<DeviceAllocation> allocations(KernelId kernel, String text) {
        try {
            var result = new ArrayList<DeviceAllocation>();
            for (var row : JSON.readValue(text, String[][].class)) {
                result.add(new DeviceAllocation(new DeviceId(row[0]), new SlotName(row[1]), new BigDecimal(row[2])));
            }
            return result;
        } catch (JsonProcessingException | IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            LOG.error("Label {} of kernel={} cannot be read; its devices count as free", ALLOCATIONS, kernel, e);
            return List.of();
        }
    }

    private static SessionId session(KernelId kernel, String text) {
        try {
            return SessionId.parse(text);
        } catch (IllegalArgumentException e) {
            LOG.error("Label {} of kernel={} is no id: '{}'", SESSION, kernel, text, e);
            return UNKNOWN_SESSION;
        }
    }

    private static @Nullable DriverKind driver(String text) {
        for (var kind : DriverKind.values()) {
            if (kind.name().equals(text)) {
                return kind;
            }
        }
        return null;
    }
}
