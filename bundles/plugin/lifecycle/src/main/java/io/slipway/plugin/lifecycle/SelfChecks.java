package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.SelfCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the plug-ins in use whether they work, again and again, on a thread of its own. Each has a limit; one that has not
 * answered is not asked again before it has. Thread-safe.
 */
final class SelfChecks {

    private static final Logger LOG = LoggerFactory.getLogger(SelfChecks.class);

    private final Supplier<List<InstalledPlugin>> plugins;
    private final Function<Bundle, List<SelfCheck>> checks;
    private final Caller caller;
    private final Map<Bundle, String> faults = new ConcurrentHashMap<>();
    private final Set<SelfCheck> asked = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("slipway-plugin-check").factory());

    /** Runs code of a plug-in within a limit, without an interrupt at its end; returns why it failed, empty if it did not. */
    interface Caller {
        Optional<String> call(PluginId id, Runnable code) throws InterruptedException;
    }

    /**
     * Creates one.
     *
     * @param plugins tells what is in use
     * @param checks finds the providers of a bundle that can be asked
     */
    SelfChecks(Supplier<List<InstalledPlugin>> plugins, Function<Bundle, List<SelfCheck>> checks, Caller caller) {
        this.plugins = plugins;
        this.checks = checks;
        this.caller = caller;
    }

    /** Returns those of a bundle's providers that can be asked. */
    static List<SelfCheck> of(List<ProviderTracker.Registered> providers) {
        return providers.stream()
                .map(each -> each.provider().service())
                .<SelfCheck>mapMulti((service, checks) -> {
                    if (service instanceof SelfCheck check) {
                        checks.accept(check);
                    }
                })
                .toList();
    }

    /** Returns false if it was stopped before. */
    boolean start(Duration pause) {
        try {
            var _ = thread.scheduleWithFixedDelay(this::round, 0, pause.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (RejectedExecutionException e) {
            LOG.debug("The self-checks were stopped before their first round", e);
            return false;
        }
    }

    void stop() {
        thread.shutdownNow();
    }

    /** Returns what a bundle's providers said is wrong when they were asked last; empty if nothing is. */
    String faultOf(Bundle bundle) {
        return faults.getOrDefault(bundle, "");
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: an escaped exception would end all further rounds
    private void round() {
        try {
            ask();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the stop
        } catch (RuntimeException e) {
            LOG.error("Plug-ins cannot be asked whether they work", e);
        }
    }

    /** Asks each once. */
    void ask() throws InterruptedException {
        var all = plugins.get().stream().filter(each -> each.bundle() != null).toList();
        for (var plugin : all) {
            var bundle = Objects.requireNonNull(plugin.bundle());
            var fault = fault(plugin.id(), checks.apply(bundle));
            if (!fault.equals(faultOf(bundle))) {
                LOG.warn("Plug-in {}: {}", plugin.id(), fault.isEmpty() ? "its self-check finds nothing wrong" : fault);
            }
            faults.put(bundle, fault);
        }
        faults.keySet().retainAll(all.stream().map(InstalledPlugin::bundle).collect(Collectors.toSet()));
    }

    private String fault(PluginId id, List<SelfCheck> of) throws InterruptedException {
        var found = new ArrayList<String>();
        for (var check : of) {
            found.addAll(fault(id, check));
        }
        return found.isEmpty() ? "" : "its self-check fails: " + String.join("; ", found);
    }

    private List<String> fault(PluginId id, SelfCheck check) throws InterruptedException {
        if (!asked.add(check)) {
            return List.of("it has not returned since it was asked before");
        }
        var said = Collections.synchronizedList(new ArrayList<String>());
        var failure = caller.call(id, () -> {
            try {
                said.addAll(check.selfCheck());
            } finally {
                asked.remove(check);
            }
        });
        return failure.map(List::of).orElseGet(() -> List.copyOf(said));
    }
}
