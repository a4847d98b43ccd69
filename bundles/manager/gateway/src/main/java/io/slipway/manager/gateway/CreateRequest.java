package io.slipway.manager.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.slipway.manager.api.CreateSession;
import io.slipway.model.image.ImageRef;
import io.slipway.model.session.ClusterMode;
import io.slipway.model.session.SessionType;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A request for a session.
 *
 * @param session what is wished
 * @param owner for which access key, if for another's
 * @param enqueueOnly whether to answer before it runs
 * @param maxWaitSeconds how long to wait for it to run, 0 for as long as the server likes
 */
record CreateRequest(CreateSession session, Optional<String> owner, boolean enqueueOnly, int maxWaitSeconds) {

    private static final Map<String, SessionType> TYPES = byName(SessionType.values(), SessionType::wireName);
    private static final Map<String, ClusterMode> MODES = byName(ClusterMode.values(), ClusterMode::wireName);
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(?:\\.0)?(s|m|h|d|)");
    private static final Map<String, Long> UNITS = Map.of("m", 60L, "h", 3_600L, "d", 86_400L);
    private static final String NOT_YET = "is not available yet";

    static CreateRequest read(Parameters body) {
        var type = body.choice(SessionType.INTERACTIVE, TYPES, "type", "sessionType");
        var startupCommand = body.optionalText("startupCommand").filter(text -> !text.isBlank());
        if (type == SessionType.BATCH && startupCommand.isEmpty()) {
            body.reject("startupCommand", "is required for batch sessions");
        }
        refuseWhatIsNotThereYet(body);
        var config = body.object("config");
        var session = new CreateSession(
                body.text("name", "session_name", "clientSessionToken"),
                body.text("image", "lang"),
                body.optionalText("architecture", "arch").orElse(ImageRef.DEFAULT_ARCHITECTURE),
                type,
                body.number(10, 0, 100, "priority"),
                domain(body),
                body.optionalText("group", "groupName", "group_name").orElse("default"),
                config.optionalText("scaling_group", "scalingGroup").orElse(null),
                body.number(1, 1, 1_000, "clusterSize", "cluster_size"),
                body.choice(ClusterMode.SINGLE_NODE, MODES, "clusterMode", "cluster_mode"),
                body.optionalText("tag").orElse(null),
                body.flag(true, "reuseIfExists"),
                config.textMap("environ"),
                config.textMap("resources"),
                config.textMap("resource_opts", "resourceOpts"),
                config.texts("agent_list", "agentList"),
                startupCommand.orElse(null),
                body.optionalText("callback_url", "callbackUrl", "callbackURL")
                        .filter(text -> !text.isBlank())
                        .orElse(null),
                bootstrapScript(body),
                timeoutSeconds(body),
                body.optionalText("starts_at", "startsAt")
                        .filter(text -> !text.isBlank())
                        .orElse(null),
                body.texts("dependencies"));
        return new CreateRequest(
                session,
                body.optionalText("owner_access_key"),
                body.flag(false, "enqueueOnly"),
                body.number(0, 0, Integer.MAX_VALUE, "maxWaitSeconds"));
    }

    /** An explicit null means the user's own domain, saying nothing means the default one. */
    private static @Nullable String domain(Parameters body) {
        return body.optionalText("domain", "domainName", "domain_name")
                .orElse(body.has("domain") || body.has("domainName") || body.has("domain_name") ? null : "default");
    }

    private static @Nullable String bootstrapScript(Parameters body) {
        var encoded = body.optionalText("bootstrap_script", "bootstrapScript").filter(text -> !text.isEmpty());
        try {
            return encoded.map(text -> new String(Base64.getDecoder().decode(text.replaceAll("\\s", "")), UTF_8))
                    .orElse(null);
        } catch (IllegalArgumentException e) {
            body.reject("bootstrap_script", "must be base64");
            return null;
        }
    }

    /** A number of seconds, or a number and a unit such as {@code 90m}. */
    private static long timeoutSeconds(Parameters body) {
        var text = body.numberOrText("batch_timeout", "batchTimeout").orElse("0");
        var matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            body.reject("batch_timeout", "must be a number of seconds, or a number with s, m, h or d");
            return 0;
        }
        return Long.parseLong(matcher.group(1)) * UNITS.getOrDefault(matcher.group(2), 1L);
    }

    private static void refuseWhatIsNotThereYet(Parameters body) {
        var config = body.object("config");
        for (var name : List.of("mounts", "mount_map", "mountMap", "preopen_ports", "preopenPorts")) {
            if (config.isGiven(name)) {
                config.reject(name, NOT_YET);
            }
        }
    }

    private static <T> Map<String, T> byName(T[] values, Function<T, String> name) {
        return Arrays.stream(values).collect(Collectors.toUnmodifiableMap(name, Function.identity()));
    }
}
