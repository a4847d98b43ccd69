package io.slipway.manager.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WriteQueueTest {

    private final List<List<Integer>> transactions = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch firstMayEnd = new CountDownLatch(1);
    private final CountDownLatch firstHasBegun = new CountDownLatch(1);

    @Test
    void runsALoneCallersWorkAtOnce() {
        var queue = new WriteQueue<Integer>(10, work -> 1, transactions::add);
        queue.submit(1);
        queue.submit(2);
        assertEquals(List.of(List.of(1), List.of(2)), transactions);
    }

    @Test
    void gathersWhatComesMeanwhileUpToTheLimit() throws Exception {
        var queue = new WriteQueue<Integer>(4, work -> 1, this::run);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> queue.submit(0));
            assertTrue(firstHasBegun.await(10, TimeUnit.SECONDS));
            var others = new ArrayList<Future<?>>();
            for (int i = 1; i <= 9; i++) {
                var work = i;
                others.add(threads.submit(() -> queue.submit(work)));
            }
            awaitWaiting(queue, 9);
            firstMayEnd.countDown();
            first.get(10, TimeUnit.SECONDS);
            for (var other : others) {
                other.get(10, TimeUnit.SECONDS);
            }
        }
        assertEquals(List.of(1, 4, 4, 1), transactions.stream().map(List::size).toList());
        assertEquals(10, transactions.stream().flatMap(List::stream).distinct().count());
    }

    @Test
    void aFailureHitsOnlyItsOwner() throws Exception {
        var queue = new WriteQueue<Integer>(100, work -> 1, works -> {
            run(works);
            if (works.contains(13)) {
                throw new SlipwayException(FailureCode.NOT_FOUND, "unlucky");
            }
        });
        var tasks = new ArrayList<Callable<String>>();
        for (int i = 1; i <= 20; i++) {
            var work = i;
            tasks.add(() -> outcome(queue, work));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> queue.submit(0));
            assertTrue(firstHasBegun.await(10, TimeUnit.SECONDS));
            var outcomes = tasks.stream().map(threads::submit).toList();
            awaitWaiting(queue, 20);
            firstMayEnd.countDown();
            first.get(10, TimeUnit.SECONDS);
            for (int i = 1; i <= 20; i++) {
                assertEquals(i == 13 ? "unlucky" : "done", outcomes.get(i - 1).get(10, TimeUnit.SECONDS));
            }
        }
    }

    @Test
    void anInterruptedCallerGoesAndTheOthersGoOn() throws Exception {
        var queue = new WriteQueue<Integer>(100, work -> 1, this::run);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> queue.submit(0));
            assertTrue(firstHasBegun.await(10, TimeUnit.SECONDS));
            var interrupted =
                    Thread.ofVirtual().start(() -> assertThrows(SlipwayException.class, () -> queue.submit(1)));
            awaitWaiting(queue, 1);
            var other = threads.submit(() -> queue.submit(2));
            awaitWaiting(queue, 2);
            interrupted.interrupt();
            assertTrue(interrupted.join(java.time.Duration.ofSeconds(10)));
            firstMayEnd.countDown();
            first.get(10, TimeUnit.SECONDS);
            other.get(10, TimeUnit.SECONDS);
        }
        assertEquals(List.of(List.of(0), List.of(2)), transactions);
    }

    @Test
    void whatIsThrownUnexpectedlyIsInternal() {
        var queue = new WriteQueue<Integer>(10, work -> 1, works -> {
            throw new IllegalStateException("broken");
        });
        assertEquals(
                FailureCode.INTERNAL,
                assertThrows(SlipwayException.class, () -> queue.submit(1)).code());
        assertEquals(
                FailureCode.INTERNAL,
                assertThrows(SlipwayException.class, () -> queue.submit(2)).code());
    }

    private static String outcome(WriteQueue<Integer> queue, int work) {
        try {
            queue.submit(work);
            return "done";
        } catch (SlipwayException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private void run(List<Integer> works) {
        transactions.add(works);
        if (works.contains(0)) {
            firstHasBegun.countDown();
            try {
                assertTrue(firstMayEnd.await(10, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static void awaitWaiting(WriteQueue<Integer> queue, int count) throws InterruptedException {
        for (int i = 0; i < 2_000 && queue.waiting() != count; i++) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        assertEquals(count, queue.waiting());
    }
}
