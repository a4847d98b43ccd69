package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginStatus.State;
import io.slipway.plugin.api.SelfCheck;
import io.slipway.plugin.api.SwapProgress;
import io.slipway.plugin.api.SwapStep;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;
import org.osgi.framework.wiring.BundleWiring;

/** One plug-in's part of a {@link Change}, by one thread. Each step is on disk before its work. */
final class Swap {

    private static final Duration A_MOMENT = Duration.ofMillis(300);

    private final SwapParts parts;
    private final Order order;
    private final Consumer<SwapProgress> listener;
    private Optional<InstalledPlugin> old;
    private final long begin = System.nanoTime();
    private SwapStep step = SwapStep.CHECK;
    private String version = "";
    private @Nullable StagedJar staged;
    private @Nullable PluginJar jar;
    private @Nullable InstalledPlugin successor;
    private SortedSet<String> lacking = Collections.emptySortedSet();

    /**
     * What to do with one plug-in.
     *
     * @param jar the file of the new version
     * @param origin where it came from, in words
     * @param settings values by setting by PID, for the new version alone
     * @param mayLack whether it may provide less than the version in use: an older one that somebody goes back to
     */
    record Order(PluginId id, Path jar, String origin, Map<String, Map<String, String>> settings, boolean mayLack) {}

    Swap(SwapParts parts, Order order, Consumer<SwapProgress> listener) {
        this.parts = parts;
        this.order = order;
        this.listener = listener;
        this.old = parts.running().find(order.id());
    }

    PluginId id() {
        return order.id();
    }

    /** The new version; empty while it is not known. */
    String version() {
        return version;
    }

    String oldVersion() {
        return old.map(plugin -> plugin.version().toString()).orElse("");
    }

    Optional<InstalledPlugin> old() {
        return old;
    }

    @Nullable
    Bundle oldBundle() {
        return old.map(InstalledPlugin::bundle).orElse(null);
    }

    InstalledPlugin successor() {
        return Objects.requireNonNull(successor);
    }

    Bundle successorBundle() {
        return Objects.requireNonNull(successor().bundle());
    }

    SwapStep step() {
        return step;
    }

    Duration took() {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    void enter(SwapStep next) throws IOException {
        step = next;
        var name = next.name().toLowerCase(Locale.ROOT);
        journal(name, order.origin());
        parts.reached().accept(name);
        listener.accept(new SwapProgress(id(), version, next));
    }

    /** Writes a line; on disk when this returns. */
    void journal(String what, String words) throws IOException {
        parts.journal().append(what, id(), version.isEmpty() ? Version.emptyVersion.toString() : version, words);
    }

    /** Looks at the jar; nothing of it runs. */
    void check() throws SwapRefusedException, IOException {
        var candidate = CandidateJar.read(id(), order.jar());
        jar = candidate.jar();
        version = jar.version().toString();
        enter(SwapStep.CHECK);
        refuseIf(parts.bundles().objection(candidate.jar()));
        refuseIf(SwapCheck.compare(old, candidate));
        refuseIf(Optional.ofNullable(oldBundle())
                .map(parts.bundles()::refreshedWith)
                .flatMap(SwapCheck::refresh));
    }

    private static void refuseIf(Optional<String> objection) throws SwapRefusedException {
        if (objection.isPresent()) {
            throw new SwapRefusedException(objection.get());
        }
    }

    /** Starts the new version as a standby, lets it check itself, stops it once to see that it can, and starts it again. */
    void startBeside() throws SwapRefusedException, IOException, InterruptedException {
        var bytes = Objects.requireNonNull(jar);
        enter(SwapStep.INSTALL);
        staged = new StagedJar(parts.folder().jar(id(), bytes.version()), bytes);
        staged.write();
        parts.settings().stage(id(), bytes.version(), order.settings(), staged.isNew());
        successor = parts.bundles().install(bytes);
        if (successor().bundle() == null) {
            throw new SwapRefusedException(successor().failure());
        }
        parts.bundles().resolve(successorBundle());
        parts.settings().apply(id(), successorBundle());
        enter(SwapStep.START);
        var end = System.nanoTime() + parts.limits().start().toNanos();
        start(end);
        enter(SwapStep.SELF_TEST);
        selfTest(end);
        rehearseStop();
        start(System.nanoTime() + parts.limits().start().toNanos());
    }

    private void start(long end) throws SwapRefusedException, InterruptedException {
        var started = parts.bundles().within(until(end)).start(successor());
        refuseIf(Optional.of(started.failure()).filter(why -> !why.isEmpty()));
        awaitProviders(end);
    }

    /** At least a moment: who has used up the time is told so by what hangs next. */
    private static Duration until(long end) {
        return Duration.ofMillis(Math.max(100, (end - System.nanoTime()) / 1_000_000));
    }

    /** Waits until the new version provides all that the old one does: each SPI by the same id, with all its abilities. */
    private void awaitProviders(long end) throws SwapRefusedException {
        var wanted = Provision.of(parts.tracker().registeredBy(oldBundle()));
        var _ = Wait.until(until(end), () -> provides(Collections.emptySortedSet()) || hasFailed());
        var _ = Wait.until(order.mayLack() ? A_MOMENT : until(end), () -> provides(wanted) || hasFailed());
        var fault = parts.tracker().faultOf(successorBundle());
        refuseIf(Optional.of(fault).filter(why -> !why.isEmpty()));
        var reason = parts.reasons().of(successorBundle());
        refuseIf(Optional.of(reason.words()).filter(why -> reason.isFailure()));
        var found = Provision.of(parts.tracker().registeredBy(successorBundle()));
        lacking = Provision.lacking(wanted, found);
        if (found.isEmpty() || (!lacking.isEmpty() && !order.mayLack())) {
            refuseIf(Optional.of(reason.words()).filter(why -> !why.isEmpty()));
            throw new SwapRefusedException(
                    found.isEmpty()
                            ? "it has registered no provider with the property slipway.plugin.id"
                            : lack() + ", which the version in use provides");
        }
    }

    private boolean provides(SortedSet<String> wanted) {
        var found = Provision.of(parts.tracker().registeredBy(successorBundle()));
        return !found.isEmpty() && found.containsAll(wanted);
    }

    private boolean hasFailed() {
        return parts.reasons().of(successorBundle()).isFailure()
                || !parts.tracker().faultOf(successorBundle()).isEmpty();
    }

    /** What it does not provide that the version before did, in words; empty if nothing. */
    String lack() {
        return lacking.isEmpty() ? "" : "it lacks " + String.join(", ", lacking);
    }

    private void selfTest(long end) throws SwapRefusedException, InterruptedException {
        for (var registered : parts.tracker().registeredBy(successorBundle())) {
            if (registered.provider().service() instanceof SelfCheck check) {
                var faults = Collections.synchronizedList(new ArrayList<String>());
                var failure = parts.bundles()
                        .within(until(end))
                        .call("self-check", id(), () -> faults.addAll(check.selfCheck()));
                refuseIf(failure.map(why -> "its self-check fails: " + why));
                refuseIf(Optional.of(List.copyOf(faults))
                        .filter(found -> !found.isEmpty())
                        .map(found -> "its self-check fails: " + String.join("; ", found)));
            }
        }
    }

    /** Who cannot stop, or leaves threads behind, shall do so before it serves anybody. */
    private void rehearseStop() throws SwapRefusedException, InterruptedException {
        var loader = successorBundle().adapt(BundleWiring.class).getClassLoader();
        refuseIf(parts.bundles()
                .within(parts.limits().stop())
                .stop(successor())
                .map(why -> "it cannot be stopped: " + why));
        if (!haveEnded(loader)) {
            throw new SwapRefusedException(
                    "it leaves threads behind when it stops: " + PluginBundles.threadsOf(loader));
        }
    }

    private boolean haveEnded(ClassLoader loader) {
        return Wait.until(
                parts.limits().stop(), () -> PluginBundles.threadsOf(loader).isEmpty());
    }

    /** Takes a change up that was broken off behind its promotion, in place of all of the above: what serves is the new one. */
    void takeUp() throws SwapRefusedException {
        successor = old.orElseThrow(() -> new SwapRefusedException("it is not installed"));
        version = successor.version().toString();
        step = SwapStep.PROMOTE;
        old = Optional.empty();
        refuseIf(Optional.of(successor.failure()).filter(why -> !why.isEmpty()));
    }

    /** Starts the version before the new one as a standby. */
    void standBehind(Version before) throws SwapRefusedException, IOException, InterruptedException {
        var standby = parts.bundles()
                .install(PluginJar.read(id(), before, parts.folder().jar(id(), before)));
        old = Optional.of(standby);
        refuseIf(Optional.of(standby.failure()).filter(why -> !why.isEmpty()));
        parts.settings().apply(id(), Objects.requireNonNull(standby.bundle()));
        var started = parts.bundles().within(parts.limits().start()).start(standby);
        refuseIf(Optional.of(started.failure()).filter(why -> !why.isEmpty()));
        if (!Wait.until(
                parts.limits().start(),
                () -> !parts.tracker().registeredBy(standby.bundle()).isEmpty())) {
            throw new SwapRefusedException(
                    parts.reasons().of(Objects.requireNonNull(standby.bundle())).words());
        }
    }

    /** Makes the staged file a version. */
    void keep() throws IOException {
        Objects.requireNonNull(staged).keep();
    }

    /** The settings that it was tried with are the version's own from now on. */
    void keepSettings() throws IOException {
        parts.settings().keep(id(), Version.parseVersion(version));
    }

    void dropSettings() throws IOException {
        parts.settings().drop(id(), Version.parseVersion(version));
    }

    /** Takes everything back that was done so far; returns what is left of it, in words, empty if nothing is. */
    String undo() throws IOException, InterruptedException {
        if (staged != null) {
            staged.drop();
        }
        var rest = "";
        if (successor != null && successor.bundle() != null) {
            rest = parts.bundles().within(parts.limits().removal()).remove(successor);
            parts.settings().withdraw(successorBundle());
            parts.tracker().forgetFaultOf(successorBundle());
        }
        if (staged != null) {
            dropSettings();
        }
        return rest;
    }

    /** Removes the version that was to stand by, if it is there; returns what is left of it. */
    String dropStandby() throws IOException, InterruptedException {
        var bundle = oldBundle();
        return bundle == null || successor == null ? "" : remove(old.orElseThrow(), bundle);
    }

    /** Says that the old version is being given up. */
    void enterDrain() throws IOException {
        parts.book().note(id(), oldVersion(), State.DRAINING, "", oldBundle());
        enter(SwapStep.DRAIN);
    }

    /** Returns how many uses of the old version have not ended. */
    long oldUses() {
        var bundle = oldBundle();
        return bundle == null ? 0 : parts.tracker().providersOf(bundle).leases();
    }

    /**
     * Drains and removes a version, old or new; returns what is left of it, in words, empty if nothing is.
     *
     * @param drainLimit counts from the moment when it was noted as draining
     */
    String retire(InstalledPlugin retired, Duration drainLimit) throws IOException, InterruptedException {
        var bundle = Objects.requireNonNull(retired.bundle());
        var name = retired.version().toString();
        var left = drainLimit.minus(parts.book().noteDraining(id(), name, bundle));
        var remarks = new ArrayList<String>();
        if (!Wait.until(left, () -> parts.tracker().providersOf(bundle).leases() == 0)) {
            remarks.add(parts.tracker().providersOf(bundle).leases() + " uses of version " + name
                    + " were cut off after " + drainLimit.toMillis() / 1_000.0 + " s");
            parts.tracker()
                    .registeredBy(bundle)
                    .forEach(each -> each.provider().abandon()); // its stop need not wait for them again
        }
        remarks.add(remove(retired, bundle));
        remarks.removeIf(String::isEmpty);
        var remark = String.join("; ", remarks);
        if (bundle.getState() == Bundle.UNINSTALLED) {
            parts.book().forget(id(), name);
        } else {
            parts.book().note(id(), name, State.FAILED, remark, bundle);
        }
        return remark;
    }

    private String remove(InstalledPlugin retired, Bundle bundle) throws IOException, InterruptedException {
        var wiring = bundle.adapt(BundleWiring.class);
        var loader = wiring == null ? null : wiring.getClassLoader();
        var rest = parts.bundles().remove(retired);
        parts.settings().withdraw(bundle);
        parts.tracker().forgetFaultOf(bundle);
        if (loader != null && rest.isEmpty()) {
            return haveEnded(loader)
                    ? ""
                    : "version " + retired.version() + " has left threads behind: " + PluginBundles.threadsOf(loader);
        }
        return rest;
    }
}
