package io.slipway.manager.graphql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.slipway.model.kernel.ServicePort;
import io.slipway.model.slot.SlotAmounts;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Values that travel as text which contains JSON. */
final class JsonText {

    private static final JsonMapper MAPPER = new JsonMapper();

    private JsonText() {}

    static String of(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps and lists always become JSON", e);
        }
    }

    /** Returns slot amounts as clients expect them: plain decimals in strings; cpu and mem always present. */
    static String slots(SlotAmounts amounts) {
        var texts = new TreeMap<String, String>(Map.of("cpu", "0", "mem", "0"));
        amounts.amounts().forEach((slot, amount) -> texts.put(slot.value(), amount.toPlainString()));
        return of(texts);
    }

    static String servicePorts(List<ServicePort> ports) {
        return of(ports.stream()
                .map(port -> Map.of(
                        "name", port.name(),
                        "protocol", port.protocol(),
                        "container_ports", port.containerPorts(),
                        "host_ports", List.of(),
                        "is_inference", false))
                .toList());
    }
}
