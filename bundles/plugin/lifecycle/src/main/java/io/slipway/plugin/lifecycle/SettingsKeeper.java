package io.slipway.plugin.lifecycle;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes back settings with which a component of the installation cannot run: it then runs with those before, and the log says
 * which key and value it was. The file in {@code etc} stays as it is, so that its mistake can be corrected. Without this a
 * slip of the pen would take a component away from a running server until the next look at its log. Values with which a
 * component cannot start at all keep it off, as they must.
 */
@Component(service = ConfigurationListener.class, immediate = true)
public final class SettingsKeeper implements ConfigurationListener {

    private static final Logger LOG = LoggerFactory.getLogger(SettingsKeeper.class);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long LOOK_EVERY_MILLIS = 100;
    private static final int LOOKS = 15;
    private static final String OURS = "io.slipway.";

    /** What the configuration service and the watcher of the folder add. */
    private static final Pattern ADDED = Pattern.compile("service\\.\\w+|felix\\.fileinstall\\..*|:org\\.apache\\..*");

    private static final Pattern SECRET = Pattern.compile("(?i).*(password|secret|token|credential).*");

    private final ConfigurationAdmin admin;
    private final ServiceComponentRuntime components;
    private final Map<String, SortedMap<String, Object>> working =
            new ConcurrentHashMap<>(); // changed by the thread alone once that runs
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("slipway-settings").factory());

    /** Used by the component runtime. */
    @Activate
    public SettingsKeeper(@Reference ConfigurationAdmin admin, @Reference ServiceComponentRuntime components) {
        this.admin = admin;
        this.components = components;
    }

    @Activate
    void start() throws IOException, InvalidSyntaxException {
        var all = admin.listConfigurations("(service.pid=" + OURS + "*)");
        for (var configuration : all == null ? new Configuration[0] : all) {
            working.put(configuration.getPid(), values(configuration));
        }
    }

    /** Returns to which values a component of these settings would go back; empty if to none. */
    Map<String, Object> proven(String pid) {
        return working.getOrDefault(pid, new TreeMap<>());
    }

    @Deactivate
    void stop() {
        thread.shutdownNow();
    }

    /** Called by the configuration service's one thread: everything else waits for its end. */
    @Override
    public void configurationEvent(ConfigurationEvent event) {
        var pid = event.getPid();
        if (pid.startsWith(OURS) && pid.indexOf('|') < 0 && event.getFactoryPid() == null) {
            try {
                thread.execute(() -> limited(pid, () -> look(pid)));
            } catch (RejectedExecutionException e) {
                LOG.debug("The server stops; {} is not looked at", pid, e);
            }
        }
    }

    private interface Look {
        void run() throws IOException, InvalidSyntaxException, InterruptedException;
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: an escaped exception would leave nothing in the log
    private static void limited(String what, Look look) {
        try {
            look.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the stop
        } catch (IOException | InvalidSyntaxException | RuntimeException e) {
            LOG.warn("Settings {} cannot be looked at", what, e);
        }
    }

    private static SortedMap<String, Object> values(Configuration configuration) {
        var properties = configuration.getProperties();
        var values = new TreeMap<String, Object>();
        if (properties != null) {
            Collections.list(properties.keys()).stream()
                    .filter(key -> !ADDED.matcher(key).matches())
                    .forEach(key -> values.put(key, Objects.requireNonNull(properties.get(key))));
        }
        return values;
    }

    private void look(String pid) throws IOException, InvalidSyntaxException, InterruptedException {
        var found = admin.listConfigurations("(service.pid=" + pid + ")");
        if (found == null) {
            working.remove(pid);
            return;
        }
        var configuration = Objects.requireNonNull(found[0]);
        var change = configuration.getChangeCount();
        var values = values(configuration);
        var before = working.get(pid);
        if (before != null && changed(before, values).isEmpty()) {
            return;
        }
        var failure = failure(pid, values);
        if (configuration.getChangeCount() != change) {
            return; // corrected meanwhile, or worse: the next look is about that
        }
        if (failure.isPresent()) {
            takeBack(configuration, before, values, failure.get());
        } else {
            working.put(pid, values);
        }
    }

    /** Waits until the components of these settings run with them, or one of them has failed; returns why. */
    private Optional<String> failure(String pid, Map<String, Object> values) throws InterruptedException {
        var end = System.nanoTime() + PATIENCE.toNanos();
        var looks = 0; // at the same failure, which at first could be the one of the values before
        while (System.nanoTime() - end < 0) {
            var states = states(pid);
            var haveThem = states.stream().allMatch(each -> has(each, values));
            var failed = states.stream()
                    .filter(each -> each.state == ComponentConfigurationDTO.FAILED_ACTIVATION)
                    .findFirst();
            looks = haveThem && failed.isPresent() ? looks + 1 : 0;
            if (looks > LOOKS) {
                return failed.map(each -> FailureWords.ofStackTrace(each.failure));
            }
            if (haveThem && states.stream().allMatch(each -> each.state == ComponentConfigurationDTO.ACTIVE)) {
                return Optional.empty();
            }
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
        return Optional.empty(); // it waits for others, or nobody wants it now
    }

    /** Who has not heard of the change yet has other values. */
    private static boolean has(ComponentConfigurationDTO component, Map<String, Object> values) {
        return values.keySet().stream()
                .allMatch(key -> text(component.properties, key).equals(text(values, key)));
    }

    private List<ComponentConfigurationDTO> states(String pid) {
        return components.getComponentDescriptionDTOs().stream()
                .filter(component -> Arrays.asList(component.configurationPid).contains(pid))
                .flatMap(component -> components.getComponentConfigurationDTOs(component).stream())
                .toList();
    }

    /** Without the name of its file, which otherwise would be written. */
    private static void takeBack(
            Configuration configuration,
            @Nullable SortedMap<String, Object> before,
            SortedMap<String, Object> values,
            String why)
            throws IOException {
        LOG.error(
                "Settings {}: {} cannot be used ({}) and what was there before holds on; correct it in etc/{}.cfg",
                configuration.getPid(),
                changed(before == null ? new TreeMap<>() : before, values),
                why,
                configuration.getPid());
        if (before == null) {
            configuration.delete();
        } else {
            configuration.update(FrameworkUtil.asDictionary(before));
        }
    }

    /** Returns what is otherwise, in words; empty if nothing is. */
    private static String changed(Map<String, Object> before, Map<String, Object> values) {
        return Stream.concat(before.keySet().stream(), values.keySet().stream())
                .distinct()
                .sorted()
                .filter(key -> !text(before, key).equals(text(values, key)))
                .map(key -> key + "=" + (SECRET.matcher(key).matches() ? "..." : text(values, key)))
                .collect(Collectors.joining(", "));
    }

    private static String text(Map<String, Object> values, String key) {
        var value = values.get(key);
        return value instanceof Object[] several ? Arrays.toString(several) : value == null ? "" : value.toString();
    }
}
