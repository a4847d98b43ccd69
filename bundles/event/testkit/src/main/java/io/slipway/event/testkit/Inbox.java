package io.slipway.event.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.event.spi.EventReceiver;
import io.slipway.model.event.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A receiver that keeps what it hears; it can be held up at its first event. */
final class Inbox implements EventReceiver {

    private static final long PATIENCE_SECONDS = 20;

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> cuts = new LinkedBlockingQueue<>();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch mayReturn;

    private Inbox(int holds) {
        mayReturn = new CountDownLatch(holds);
    }

    static Inbox open() {
        return new Inbox(0);
    }

    /** Does not return from its first event before {@link #release}. */
    static Inbox held() {
        return new Inbox(1);
    }

    @Override
    public void received(Event event) {
        entered.countDown();
        await(mayReturn);
        events.add(event);
    }

    @Override
    public void cut(String reason) {
        cuts.add(reason);
    }

    void awaitEntered() {
        await(entered);
    }

    void release() {
        mayReturn.countDown();
    }

    /** Waits for so many events and returns their ids. */
    List<String> ids(int count) throws InterruptedException {
        var ids = new ArrayList<String>();
        for (var event : events(count)) {
            ids.add(event.id());
        }
        return ids;
    }

    List<Event> events(int count) throws InterruptedException {
        var taken = new ArrayList<Event>();
        while (taken.size() < count) {
            var event = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertTrue(event != null, () -> "only " + taken.size() + " of " + count + " events came: " + taken);
            taken.add(event);
        }
        return taken;
    }

    /** What is there now. */
    List<String> rest() {
        return events.stream().map(Event::id).toList();
    }

    boolean isCut() {
        return !cuts.isEmpty();
    }

    String awaitCut() throws InterruptedException {
        var reason = cuts.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertTrue(reason != null, "it was not told that it is cut");
        return reason;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS), "waited too long");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
