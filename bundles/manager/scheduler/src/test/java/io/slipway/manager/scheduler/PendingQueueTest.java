package io.slipway.manager.scheduler;

import static io.slipway.manager.scheduler.Samples.needs;
import static io.slipway.manager.scheduler.Samples.waiting;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PendingQueueTest {

    private final PendingQueue queue = new PendingQueue();
    private final Waiting old = waiting(1, 30, needs(1, 1));
    private final Waiting middle = waiting(2, 20, needs(1, 1));
    private final Waiting young = waiting(3, 10, needs(1, 1));

    @Test
    void keepsTheOrderOfThePolicy() {
        queue.put(young, "");
        queue.put(old, "");
        queue.put(middle, "");
        queue.put(middle, "again");
        assertEquals(List.of(old, middle, young), queue.sorted(Samples.FIFO, Set.of()));
        queue.remove(List.of(middle.id()));
        assertEquals(List.of(young, old), queue.sorted(Samples.FIFO.reversed(), Set.of()));
        assertEquals(2, queue.size());
    }

    @Test
    void tellsOnlyReasonsThatAreNew() {
        queue.put(old, "known");
        queue.put(young, "");
        var reasons = Map.of(old.id(), "known", young.id(), "needs more");
        var news = queue.news(reasons, 10);
        assertEquals(Map.of(young.id(), "needs more"), news);
        queue.shown(news);
        assertTrue(queue.news(reasons, 10).isEmpty());
    }
}
