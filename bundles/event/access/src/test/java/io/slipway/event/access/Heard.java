package io.slipway.event.access;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.event.api.EventListener;
import io.slipway.model.event.Event;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A listener that keeps what it hears; it can be held up. */
final class Heard implements EventListener {

    final List<String> all = new CopyOnWriteArrayList<>();
    private final CountDownLatch entered = new CountDownLatch(1);
    private volatile CountDownLatch mayReturn = new CountDownLatch(0);

    void hold() {
        mayReturn = new CountDownLatch(1);
    }

    void awaitEntered() throws InterruptedException {
        assertTrue(entered.await(20, TimeUnit.SECONDS));
    }

    void release() {
        mayReturn.countDown();
    }

    @Override
    public void happened(Event event) {
        entered.countDown();
        try {
            assertTrue(mayReturn.await(20, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        all.add(event.id());
    }

    @Override
    public void missed(String why) {
        all.add("missed");
    }

    void await(int count) throws InterruptedException {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (all.size() < count && System.nanoTime() < end) {
            Thread.sleep(2);
        }
    }
}
