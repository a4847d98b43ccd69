package io.slipway.plugin.lifecycle;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The hand-over of all plug-ins of a change, forth and back, all of them or none. */
final class HandOvers {

    private final SwapParts parts;
    private final List<Swap> swaps;
    private @Nullable HandOver present;

    HandOvers(SwapParts parts, List<Swap> swaps) {
        this.parts = parts;
        this.swaps = swaps;
    }

    /** From the old versions to the new ones; calls wait until {@link #complete} or {@link #undo}. */
    void forth() throws SwapRefusedException, InterruptedException {
        begin(new HandOver(parts.bundles(), pairs()));
    }

    private List<HandOver.Pair> pairs() {
        var pairs = new ArrayList<HandOver.Pair>();
        for (var swap : swaps) {
            pairs.addAll(HandOver.pairs(
                    parts.tracker().registeredBy(swap.oldBundle()),
                    parts.tracker().registeredBy(swap.successorBundle())));
        }
        return pairs;
    }

    /** From the new versions to the old ones. */
    void back() throws SwapRefusedException, InterruptedException {
        if (present != null) {
            begin(present.reversed());
        }
    }

    /** The hand-over was before the process ended: only the way back is open. */
    void stand() {
        present = new HandOver(parts.bundles(), pairs());
    }

    private void begin(HandOver next) throws SwapRefusedException, InterruptedException {
        next.perform();
        present = next;
    }

    String undo() throws InterruptedException {
        return present == null ? "" : present.undo();
    }

    void complete() {
        if (present != null) {
            present.complete();
        }
    }
}
