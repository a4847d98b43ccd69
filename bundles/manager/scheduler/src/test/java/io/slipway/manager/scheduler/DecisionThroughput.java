package io.slipway.manager.scheduler;

import io.slipway.model.slot.SlotAmounts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decisions per second on one core, for finding what costs time here. Not a test; run its main: agents, pending, shapes. */
public final class DecisionThroughput {

    private static final Logger LOG = LoggerFactory.getLogger(DecisionThroughput.class);

    private DecisionThroughput() {}

    public static void main(String[] arguments) {
        var agents = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
        var pending = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100_000;
        var shapes = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 50;
        for (int round = 0; round < 4; round++) {
            measure(agents, pending, shapes, round);
        }
    }

    private static void measure(int agents, int pending, int shapes, int round) {
        var random = new SplittableRandom(round);
        var group = new ArrayList<AgentState>();
        for (int i = 0; i < agents; i++) {
            group.add(Samples.agent("a" + i, random.nextInt(4, 65), random.nextInt(8, 257)));
        }
        var needs = new ArrayList<SlotAmounts>();
        for (int i = 0; i < shapes; i++) {
            needs.add(Samples.needs(random.nextInt(1, 9), random.nextInt(1, 17)));
        }
        List<Waiting> queue = new ArrayList<>();
        for (int i = 0; i < pending; i++) {
            queue.add(Samples.waiting(i, random.nextInt(1_000), needs.get(random.nextInt(shapes))));
        }
        queue.sort(Comparator.comparing(Waiting::session, Samples.FIFO));
        var snapshot = Samples.snapshot(group.toArray(AgentState[]::new));
        var begin = System.nanoTime();
        var decision = Decider.decide(snapshot, queue, Samples.FULLEST, Duration.ofMinutes(60), Integer.MAX_VALUE);
        var seconds = (System.nanoTime() - begin) / 1e9;
        LOG.warn(
                "{} placed, {} wait: {} decisions/s",
                decision.placements().size(),
                decision.reasons().size(),
                Math.round(pending / seconds));
    }
}
