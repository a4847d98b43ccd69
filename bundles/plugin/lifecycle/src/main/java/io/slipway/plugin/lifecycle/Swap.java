package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.SelfCheck;
import io.slipway.plugin.api.SwapOutcome;
import io.slipway.plugin.api.SwapProgress;
import io.slipway.plugin.api.SwapStep;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;

/**
 * One swap, from the jar to the end of the old version, by one thread. Each step is on disk before its work. Up to the
 * selection in {@link SwapStep#PROMOTE} a crash or a fault leaves the old version, afterwards the new one.
 */
final class Swap {

    private static final long LOOK_EVERY_NANOS = 1_000_000;

    private final SwapParts parts;
    private final PluginId id;
    private final String origin;
    private final Consumer<SwapProgress> listener;
    private final long begin = System.nanoTime();
    private SwapStep step = SwapStep.CHECK;
    private String version = "";

    Swap(SwapParts parts, PluginId id, String origin, Consumer<SwapProgress> listener) {
        this.parts = parts;
        this.id = id;
        this.origin = origin;
        this.listener = listener;
    }

    /** Swaps; every fault of the plug-in becomes a refusal. */
    SwapOutcome run(Path file) {
        try {
            var old = parts.running().find(id);
            var candidate = check(old, file);
            var staged = new StagedJar(parts.folder().jar(id, candidate.jar().version()), candidate.jar());
            staged.write();
            try {
                promote(old, staged, startBeside(old, candidate.jar()));
            } catch (SwapRefusedException | IOException e) {
                staged.drop();
                throw e;
            }
            return finish(old);
        } catch (SwapRefusedException e) {
            return refuse(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return refuse("the plug-in folder cannot be written: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return refuse("the server stops");
        }
    }

    private void enter(SwapStep next) throws IOException {
        step = next;
        parts.journal().append(next.name().toLowerCase(Locale.ROOT), id, version, origin);
        parts.reached().accept(next);
        listener.accept(new SwapProgress(id, version, next));
    }

    private CandidateJar check(Optional<InstalledPlugin> old, Path file) throws SwapRefusedException, IOException {
        var candidate = CandidateJar.read(id, file);
        version = candidate.jar().version().toString();
        enter(SwapStep.CHECK);
        refuseIf(SwapCheck.compare(old, candidate));
        refuseIf(old.map(InstalledPlugin::bundle)
                .map(parts.bundles()::refreshedWith)
                .flatMap(SwapCheck::refresh));
        return candidate;
    }

    private static void refuseIf(Optional<String> objection) throws SwapRefusedException {
        if (objection.isPresent()) {
            throw new SwapRefusedException(objection.get());
        }
    }

    private InstalledPlugin startBeside(Optional<InstalledPlugin> old, PluginJar jar)
            throws SwapRefusedException, IOException, InterruptedException {
        enter(SwapStep.INSTALL);
        var plugin = parts.bundles().install(jar);
        var bundle = plugin.bundle();
        if (bundle == null) {
            throw new SwapRefusedException(plugin.failure());
        }
        try {
            parts.bundles().resolve(bundle);
            enter(SwapStep.START);
            var started = parts.bundles().start(plugin);
            refuseIf(Optional.of(started.failure()).filter(why -> !why.isEmpty()));
            awaitProviders(old, bundle);
            enter(SwapStep.SELF_TEST);
            selfTest(bundle);
            return started;
        } catch (SwapRefusedException e) {
            var rest = parts.bundles().remove(plugin);
            throw rest.isEmpty() ? e : new SwapRefusedException(e.getMessage() + "; " + rest, e);
        }
    }

    /** Waits until the new version provides all that the old one does. */
    private void awaitProviders(Optional<InstalledPlugin> old, Bundle bundle) throws SwapRefusedException {
        var wanted = old.map(InstalledPlugin::bundle)
                .map(before -> parts.tracker().providersOf(before).spis())
                .orElse(List.of());
        if (await(parts.limits().providers(), () -> provides(bundle, wanted) || hasFailed(bundle))
                && !hasFailed(bundle)) {
            return;
        }
        var lack = parts.reasons().of(bundle).words();
        throw new SwapRefusedException(
                lack.isEmpty()
                        ? "it provides " + parts.tracker().providersOf(bundle).spis() + ", the version in use " + wanted
                        : lack);
    }

    private boolean provides(Bundle bundle, List<String> wanted) {
        var spis = parts.tracker().providersOf(bundle).spis();
        return !spis.isEmpty() && spis.containsAll(wanted);
    }

    private boolean hasFailed(Bundle bundle) {
        return parts.reasons().of(bundle).isFailure();
    }

    private void selfTest(Bundle bundle) throws SwapRefusedException, InterruptedException {
        for (var service : parts.tracker().servicesOf(bundle)) {
            if (service instanceof SelfCheck check) {
                var faults = Collections.synchronizedList(new ArrayList<String>());
                var failure = parts.bundles().call("self-check", id, () -> faults.addAll(check.selfCheck()));
                refuseIf(failure.map(why -> "its self-check fails: " + why));
                refuseIf(Optional.of(faults)
                        .filter(found -> !found.isEmpty())
                        .map(found -> "its self-check fails: " + String.join("; ", found)));
            }
        }
    }

    private void promote(Optional<InstalledPlugin> old, StagedJar staged, InstalledPlugin successor)
            throws IOException, InterruptedException {
        try {
            enter(SwapStep.PROMOTE);
            staged.keep();
            parts.journal().select(id, successor.version());
        } catch (IOException e) {
            parts.bundles().remove(successor);
            throw e;
        }
        parts.tracker().replace(bundleOf(old), Objects.requireNonNull(successor.bundle()));
        parts.running().put(successor);
    }

    private static @Nullable Bundle bundleOf(Optional<InstalledPlugin> plugin) {
        return plugin.map(InstalledPlugin::bundle).orElse(null);
    }

    /** The new version serves already: a disk that is full now changes nothing about that. */
    private SwapOutcome finish(Optional<InstalledPlugin> old) throws InterruptedException {
        String remark;
        try {
            remark = retire(old);
        } catch (IOException e) {
            remark = "the journal cannot be written, the old version stays until the next restart: " + e;
        }
        var took = Duration.ofNanos(System.nanoTime() - begin);
        return new SwapOutcome.Swapped(
                id, old.map(plugin -> plugin.version().toString()).orElse(""), version, took, remark);
    }

    private String retire(Optional<InstalledPlugin> old) throws IOException, InterruptedException {
        var remark = "";
        var bundle = bundleOf(old);
        if (bundle != null) {
            enter(SwapStep.PROBATION);
            enter(SwapStep.DRAIN);
            var isDrained = await(
                    parts.limits().drain(),
                    () -> parts.tracker().providersOf(bundle).leases() == 0);
            if (!isDrained) {
                remark = parts.tracker().providersOf(bundle).leases() + " uses of the old version were cut off after "
                        + parts.limits().drain().toSeconds() + " s";
            }
            enter(SwapStep.RETIRE);
            var rest = parts.bundles().remove(old.orElseThrow());
            remark = remark.isEmpty() || rest.isEmpty() ? remark + rest : remark + "; " + rest;
        }
        parts.journal().append("done", id, version, remark);
        return remark;
    }

    private SwapOutcome refuse(String why) {
        try {
            parts.journal().append("refuse", id, version.isEmpty() ? "0.0.0" : version, why);
        } catch (IOException e) {
            return new SwapOutcome.Refused(id, step, why + " (and the journal cannot be written: " + e + ")");
        }
        return new SwapOutcome.Refused(id, step, why);
    }

    /** Looks until it is so; false if it is not within the limit. */
    private static boolean await(Duration limit, BooleanSupplier isSo) {
        var end = System.nanoTime() + limit.toNanos();
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() - end > 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
        return true;
    }
}
