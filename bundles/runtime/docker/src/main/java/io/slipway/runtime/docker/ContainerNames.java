package io.slipway.runtime.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.slipway.model.kernel.KernelId;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How containers tell whose they are. The name tells the kernel, and whether its end was asked for: a name is all of a
 * container that can be changed later, and nothing inside can change it.
 */
final class ContainerNames {

    static final String OWNER = "io.slipway.runtime.docker.owner";
    /** The kernel's own labels again, as JSON: an image's labels are mixed with them. */
    static final String LABELS = "io.slipway.runtime.docker.labels";

    private static final String PREFIX = "slipway-";
    private static final String ENDED = ".ended";
    private static final Pattern NAME = Pattern.compile("/?slipway-(?<id>[0-9a-f-]{36})(?:\\.ended)?");
    private static final ObjectMapper JSON =
            JsonMapper.builder().typeFactory(EngineConfig.ownTypes()).build();

    private ContainerNames() {}

    static String of(KernelId kernel) {
        return PREFIX + kernel;
    }

    static String ofEnded(KernelId kernel) {
        return PREFIX + kernel + ENDED;
    }

    static boolean isEndAskedFor(String name) {
        return name.endsWith(ENDED);
    }

    static Optional<KernelId> kernel(String name) {
        var matcher = NAME.matcher(name);
        try {
            return matcher.matches() ? Optional.of(KernelId.parse(matcher.group("id"))) : Optional.empty();
        } catch (IllegalArgumentException e) {
            // somebody else's
            return Optional.empty();
        }
    }

    static String write(Map<String, String> labels) {
        try {
            return JSON.writeValueAsString(labels);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts are always writable", e);
        }
    }

    static Map<String, String> read(Map<String, String> labels) {
        try {
            return JSON.readValue(labels.getOrDefault(LABELS, "{}"), new TypeReference<Map<String, String>>() {});
        } catch (JsonProcessingException e) {
            // not written by us: what else it carries must do
            return labels;
        }
    }
}
