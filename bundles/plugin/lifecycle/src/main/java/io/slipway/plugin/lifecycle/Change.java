package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginStatus.State;
import io.slipway.plugin.api.SwapOutcome;
import io.slipway.plugin.api.SwapProgress;
import io.slipway.plugin.api.SwapStep;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One or more plug-ins that are changed as one, by one thread. Up to the selection, which is one line of the journal, a
 * crash or a fault leaves all old versions; afterwards all new ones, or all old ones again once the journal says so.
 */
final class Change {

    private static final Logger LOG = LoggerFactory.getLogger(Change.class);

    private final SwapParts parts;
    private final List<Swap> swaps;
    private final HandOvers handOvers;
    private final Trials trials;
    private boolean isSelected; // the journal has said so: from then on there is only the way back

    Change(SwapParts parts, List<Swap.Order> orders, Consumer<SwapProgress> listener) {
        this.parts = parts;
        this.swaps =
                orders.stream().map(order -> new Swap(parts, order, listener)).toList();
        this.handOvers = new HandOvers(parts, swaps);
        this.trials = new Trials(parts, swaps);
    }

    /** A part that was not in order, and why. */
    private static final class Fault extends Exception {

        private static final long serialVersionUID = 1;
        private final transient Swap swap;

        Fault(Swap swap, Exception cause) {
            super(cause.getMessage(), cause);
            this.swap = swap;
        }
    }

    /**
     * Ends the probation or the drain, if it is under way, as if the new versions were bad.
     *
     * @return false if the old versions are not there (any more)
     */
    boolean takeBack(String why) {
        return trials.takeBack(why);
    }

    /** Changes them; every fault of a plug-in becomes a refusal. */
    @SuppressWarnings("IllegalCatch") // a change that breaks off anywhere must not leave callers at closed gates
    List<SwapOutcome> run() {
        try {
            prepare();
            promote();
        } catch (Fault e) {
            return refuseAll(e.swap, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return refuseAll(swaps.getFirst(), "the server stops");
        } catch (RuntimeException e) {
            return breakOff(e);
        }
        return judge();
    }

    private List<SwapOutcome> breakOff(RuntimeException fault) {
        LOG.error("The change of {} broke off", versions(true), fault);
        var why = "it broke off: " + fault;
        try {
            return isSelected ? rollBack(why) : refuseAll(swaps.getFirst(), join(why, handOvers.undo()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return swaps.stream().map(swap -> swapped(swap, "the server stops")).toList();
        }
    }

    /**
     * Goes on with the probation of versions that were selected when the process ended, and that serve now.
     *
     * @param broken which versions served before
     */
    List<SwapOutcome> takeUp(BrokenTrial broken) {
        try {
            each(Swap::takeUp);
            each(swap -> {
                var before = broken.before().getOrDefault(swap.id(), "");
                if (!before.isEmpty()) {
                    swap.standBehind(Version.parseVersion(before));
                }
            });
            isSelected = true;
            trials.begin();
        } catch (Fault e) {
            return leave("its probation is not taken up: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return leave("the server stops");
        }
        return judge();
    }

    /** Lets the new versions serve without anybody behind them. */
    private List<SwapOutcome> leave(String why) {
        var outcomes = new ArrayList<SwapOutcome>();
        for (var swap : swaps) {
            var remark = why;
            try {
                remark = join(why, swap.dropStandby());
                swap.keepSettings();
                swap.journal("done", remark);
            } catch (IOException e) {
                remark = join(why, "the journal cannot be written: " + e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            outcomes.add(swapped(swap, remark));
        }
        return outcomes;
    }

    private List<SwapOutcome> judge() {
        try {
            var reason = trials.reasonToGoBack();
            if (reason.isEmpty()) {
                reason = drain();
            }
            return reason.isPresent() ? rollBack(reason.get()) : finish("");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return swaps.stream().map(swap -> swapped(swap, "the server stops")).toList();
        }
    }

    private interface Step {
        void run(Swap swap) throws SwapRefusedException, IOException, InterruptedException;
    }

    private void each(Step step) throws Fault, InterruptedException {
        for (var swap : swaps) {
            try {
                step.run(swap);
            } catch (SwapRefusedException e) {
                throw new Fault(swap, e);
            } catch (IOException e) {
                throw new Fault(swap, new IOException("the plug-in folder cannot be written: " + e, e));
            }
        }
    }

    private void prepare() throws Fault, InterruptedException {
        each(Swap::check);
        each(this::catchUp);
        each(Swap::startBeside);
        each(swap -> swap.enter(SwapStep.PROMOTE));
        each(Swap::keep);
        parts.reached().accept("promote.kept");
    }

    /** The journal was full when the version that serves went back: what it says now would be gone back to later. */
    private void catchUp(Swap swap) throws IOException {
        var selected = parts.journal().selection().get(swap.id());
        if (selected != null
                && !swap.oldVersion().isEmpty()
                && !selected.toString().equals(swap.oldVersion())) {
            parts.journal().append(SelectionJournal.SELECT, swap.id(), swap.oldVersion(), "it serves already");
        }
    }

    private void promote() throws Fault, InterruptedException {
        var first = swaps.getFirst();
        try {
            handOvers.forth();
        } catch (SwapRefusedException e) {
            throw new Fault(first, e);
        }
        try {
            parts.reached().accept("promote.handed");
            parts.journal().select(versions(true), "");
        } catch (IOException e) {
            throw new Fault(first, new IOException(join("the journal cannot be written: " + e, handOvers.undo()), e));
        }
        isSelected = true;
        parts.reached().accept("promote.selected");
        try {
            trials.begin();
            parts.tracker().replace(oldBundles(), successors());
            for (var swap : swaps) {
                parts.running().put(swap.successor());
                parts.book().forget(swap.id(), swap.version());
            }
        } finally {
            handOvers.complete();
        }
        parts.reached().accept("promote.served");
    }

    private SortedMap<PluginId, String> versions(boolean isNew) {
        var versions = new TreeMap<PluginId, String>();
        swaps.forEach(swap -> versions.put(swap.id(), isNew ? swap.version() : swap.oldVersion()));
        return versions;
    }

    private List<Bundle> successors() {
        return swaps.stream().map(Swap::successorBundle).toList();
    }

    private List<Bundle> oldBundles() {
        var bundles = new ArrayList<Bundle>();
        for (var swap : swaps) {
            var bundle = swap.oldBundle();
            if (bundle != null) {
                bundles.add(bundle);
            }
        }
        return bundles;
    }

    /** Waits for the last uses of the old versions; while they are there, somebody may still want them back. */
    private Optional<String> drain() throws InterruptedException {
        enterDrain();
        var end = System.nanoTime() + parts.limits().drain().toNanos();
        while (swaps.stream().mapToLong(Swap::oldUses).sum() > 0 && System.nanoTime() - end < 0) {
            if (trials.awaitOrder()) {
                break;
            }
        }
        return trials.close();
    }

    private void enterDrain() {
        for (var swap : swaps) {
            if (swap.oldBundle() != null) {
                try {
                    swap.enterDrain();
                } catch (IOException e) {
                    LOG.error("The drain of {} {} is not in the journal", swap.id(), swap.oldVersion(), e);
                }
            }
        }
    }

    /** The new versions serve already: a disk that is full now changes nothing about that. */
    private List<SwapOutcome> finish(String before) throws InterruptedException {
        var outcomes = new ArrayList<SwapOutcome>();
        for (var swap : swaps) {
            var remark = join(before, trials.remark(swap.id()));
            try {
                swap.keepSettings();
                if (swap.oldBundle() != null) {
                    swap.enter(SwapStep.RETIRE);
                    remark = join(
                            remark,
                            swap.retire(swap.old().orElseThrow(), parts.limits().drain()));
                }
                swap.journal("done", remark);
                parts.reached().accept("done");
            } catch (IOException e) {
                remark = join(
                        remark, "the journal cannot be written, the old version stays until the next restart: " + e);
            }
            outcomes.add(swapped(swap, remark));
        }
        return outcomes;
    }

    private static SwapOutcome swapped(Swap swap, String remark) {
        return new SwapOutcome.Swapped(
                swap.id(), swap.oldVersion(), swap.version(), swap.took(), join(remark, swap.lack()));
    }

    private static String join(String one, String other) {
        return one.isEmpty() || other.isEmpty() ? one + other : one + "; " + other;
    }

    /** Lets the old versions serve again, by the same steps the other way. */
    private List<SwapOutcome> rollBack(String why) throws InterruptedException {
        LOG.warn("Plug-ins {} go back: {}", versions(true), why);
        var unwritten = tellRollBack(why);
        try {
            handOvers.back();
        } catch (SwapRefusedException e) {
            LOG.error("Plug-ins {} are bad and cannot go back", versions(true), e);
            return finishUnwillingly(why + "; it cannot go back: " + e.getMessage());
        }
        parts.reached().accept("rollback.handed");
        try {
            parts.journal().select(versions(false), "");
        } catch (IOException e) {
            unwritten = "the journal cannot be written, a restart tries the new version again: " + e;
        }
        parts.reached().accept("rollback.selected");
        try {
            parts.tracker().replace(successors(), oldBundles());
            for (var swap : swaps) {
                swap.old()
                        .ifPresentOrElse(
                                parts.running()::put, () -> parts.running().remove(swap.id()));
                parts.book().forget(swap.id(), swap.oldVersion());
            }
        } finally {
            handOvers.complete();
        }
        parts.reached().accept("rollback.served");
        return rolledBack(join(why, unwritten));
    }

    /** A bad version goes also when the disk is full; returns what could not be written, in words. */
    private String tellRollBack(String reason) {
        try {
            for (var swap : swaps) {
                swap.journal("rollback", reason);
                parts.reached().accept("rollback.begun");
            }
            parts.reached().accept("rollback");
            return "";
        } catch (IOException e) {
            return "the journal cannot be written: " + e;
        }
    }

    private List<SwapOutcome> rolledBack(String reason) throws InterruptedException {
        var outcomes = new ArrayList<SwapOutcome>();
        for (var swap : swaps) {
            var why = reason;
            try {
                why = join(why, swap.retire(swap.successor(), parts.limits().removal()));
                swap.dropSettings();
                swap.journal("done", why);
                parts.reached().accept("done");
            } catch (IOException e) {
                why = join(why, "the journal cannot be written: " + e);
            }
            var costs = trials.costs(swap.id());
            parts.book().note(swap.id(), swap.version(), State.ROLLED_BACK, why, null);
            outcomes.add(new SwapOutcome.RolledBack(swap.id(), swap.oldVersion(), swap.version(), why, costs));
        }
        trials.end();
        trials.forgetStandbys();
        return outcomes;
    }

    private List<SwapOutcome> finishUnwillingly(String remark) throws InterruptedException {
        trials.end();
        var _ = trials.close();
        trials.forgetStandbys();
        enterDrain();
        return finish(remark);
    }

    private List<SwapOutcome> refuseAll(Swap culprit, String reason) {
        var why = reason;
        for (var swap : swaps.reversed()) {
            why = join(why, undo(swap));
        }
        var outcomes = new ArrayList<SwapOutcome>();
        for (var swap : swaps) {
            outcomes.add(refuse(
                    swap, swap == culprit ? why : "it goes with " + culprit.id() + ", which was refused: " + why));
        }
        return outcomes;
    }

    private static String undo(Swap swap) {
        try {
            return swap.undo();
        } catch (IOException e) {
            return "what was begun cannot be taken back: " + e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "the server stops";
        }
    }

    private SwapOutcome refuse(Swap swap, String why) {
        var reason = why;
        try {
            swap.journal("refuse", why);
            parts.reached().accept("refuse");
        } catch (IOException e) {
            reason = why + " (and the journal cannot be written: " + e + ")";
        }
        parts.book().note(swap.id(), swap.version(), State.REFUSED, swap.step() + ": " + reason, null);
        return new SwapOutcome.Refused(swap.id(), swap.step(), reason);
    }
}
