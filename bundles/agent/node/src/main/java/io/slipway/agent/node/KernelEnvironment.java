package io.slipway.agent.node;

import io.slipway.agent.api.CreateKernel;
import io.slipway.model.kernel.ServicePort;
import io.slipway.model.slot.SlotName;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The environment variables and application ports of a kernel. Identity comes last, so that a user cannot pretend another
 * one; nothing in it works outside of the session: no key, no e-mail address.
 */
final class KernelEnvironment {

    private static final String CORE_COUNT_LABEL = "ai.backend.envs.corecount";
    private static final String PORTS_LABEL = "ai.backend.service-ports";
    private static final Pattern HOSTNAME = Pattern.compile("(?<role>[a-z]+)(?<index>[0-9]+)");
    private static final Pattern PORT = Pattern.compile(
            "(?<name>[a-zA-Z0-9_-]+):(?<protocol>http|tcp|preopen|internal):(?:(?<port>[0-9]{1,5})|\\[(?<ports>[0-9, ]+)])");

    private KernelEnvironment() {}

    static Map<String, String> of(CreateKernel request, Map<String, String> granted) {
        var environment = new HashMap<>(coreCounts(request));
        environment.putAll(request.environment());
        environment.putAll(granted);
        environment.putAll(identity(request));
        return environment;
    }

    private static Map<String, String> coreCounts(CreateKernel request) {
        var cores =
                request.slots().get(SlotName.CPU).setScale(0, RoundingMode.UP).toPlainString();
        var environment = new HashMap<String, String>();
        for (var name : request.imageLabels().getOrDefault(CORE_COUNT_LABEL, "").split(",", -1)) {
            if (!name.isBlank()) {
                environment.put(name.strip(), cores);
            }
        }
        return environment;
    }

    private static Map<String, String> identity(CreateKernel request) {
        var host = HOSTNAME.matcher(request.hostname());
        var isClusterName = host.matches();
        var role = isClusterName ? host.group("role") : "main";
        var index = isClusterName ? host.group("index") : "1";
        return Map.ofEntries(
                Map.entry("SLIPWAY_SESSION_ID", request.session().toString()),
                Map.entry("SLIPWAY_SESSION_NAME", request.sessionName()),
                Map.entry("SLIPWAY_KERNEL_ID", request.kernel().toString()),
                Map.entry("SLIPWAY_CLUSTER_ROLE", role),
                Map.entry("SLIPWAY_CLUSTER_INDEX", index),
                Map.entry("SLIPWAY_CLUSTER_HOST", request.hostname()),
                Map.entry("BACKENDAI_SESSION_ID", request.session().toString()),
                Map.entry("BACKENDAI_SESSION_NAME", request.sessionName()),
                Map.entry("BACKENDAI_KERNEL_ID", request.kernel().toString()),
                Map.entry("BACKENDAI_KERNEL_IMAGE", request.image().canonical()),
                Map.entry("BACKENDAI_CLUSTER_ROLE", role),
                Map.entry("BACKENDAI_CLUSTER_IDX", index),
                Map.entry("BACKENDAI_CLUSTER_HOST", request.hostname()),
                Map.entry("BACKENDAI_SERVICE_PORTS", request.imageLabels().getOrDefault(PORTS_LABEL, "")));
    }

    /** Reads the application ports that an image declares; entries that make no sense are left out. */
    static List<ServicePort> servicePorts(Map<String, String> imageLabels) {
        var ports = new ArrayList<ServicePort>();
        var matcher = PORT.matcher(imageLabels.getOrDefault(PORTS_LABEL, ""));
        while (matcher.find()) {
            var single = matcher.group("port");
            var numbers = numbers(single == null ? matcher.group("ports") : single);
            if (!numbers.isEmpty()) {
                ports.add(new ServicePort(matcher.group("name"), matcher.group("protocol"), numbers));
            }
        }
        return ports;
    }

    private static List<Integer> numbers(String text) {
        var numbers = new ArrayList<Integer>();
        for (var part : text.split(",", -1)) {
            var digits = part.strip();
            if (digits.isEmpty() || digits.length() > 5 || Integer.parseInt(digits) > 65_535) {
                return List.of();
            }
            numbers.add(Integer.parseInt(digits));
        }
        return numbers;
    }
}
