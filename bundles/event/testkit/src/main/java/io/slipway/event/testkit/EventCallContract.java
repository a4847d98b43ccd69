package io.slipway.event.testkit;

import static io.slipway.event.testkit.Samples.event;
import static io.slipway.event.testkit.Samples.events;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.event.spi.EventBus;
import io.slipway.event.spi.EventBusException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** How every {@link EventBus} answers: calls that are repeated, late or of a thread that was told to end. */
@NullUnmarked // the test framework fills the fields
public abstract class EventCallContract extends OneBus {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** For subclasses. */
    protected EventCallContract() {}

    Duration limit() {
        return PATIENCE;
    }

    /** Whoever publishes does it again when it does not know whether the bus has it; receivers tell by the id. */
    @Test
    void tellsWhatIsPublishedAgainAgainByTheSameId() throws Exception {
        var inbox = Inbox.open();
        var member = Inbox.open();
        try (var _ = bus.subscribe(TOPIC, inbox);
                var _ = bus.join(TOPIC, "workers", member)) {
            var event = event("1", "key");
            publish(List.of(event));
            publish(List.of(event));
            publish(List.of(event("2", "key")));
            for (var each : List.of(inbox, member)) {
                assertEquals(List.of("1", "1"), each.ids(2));
                assertEquals(List.of("2"), each.ids(1));
            }
        }
    }

    @Test
    void endsASubscriptionOnceThoughItIsEndedTwice() throws Exception {
        var inbox = Inbox.open();
        var subscription = bus.subscribe(TOPIC, inbox);
        publish(events(0, 1));
        assertEquals(List.of("0"), inbox.ids(1));
        var ends = new CountDownLatch(2);
        assertTimeoutPreemptively(limit(), () -> subscription.finish(ends::countDown), "finish waits");
        assertTimeoutPreemptively(limit(), () -> subscription.finish(ends::countDown), "finish waits");
        assertTrue(
                ends.await(limit().toMillis(), TimeUnit.MILLISECONDS), "not everybody who asked was told of the end");
        assertTimeoutPreemptively(limit(), subscription::close, "the close of what has ended waits");
        publish(events(1, 2));
        assertFalse(inbox.isCut(), "it was ended, not cut");
        assertEquals(List.of(), inbox.rest());
    }

    /** The longest wait is a second; a bus that is not asked to wait does not. */
    @Test
    void waitsNoLongerThanItMay() throws Exception {
        var slow = Inbox.held();
        var subscription = bus.subscribe(TOPIC, slow);
        try {
            assertTimeoutPreemptively(
                    limit(),
                    () -> {
                        for (var i = 0; i <= EventBus.MOST_WAITING; i += 500) {
                            bus.publish(TOPIC, events(i, i + 500), Duration.ZERO);
                        }
                    },
                    "a publisher waits without limit for a receiver that is busy");
        } finally {
            slow.release();
            subscription.close();
        }
    }

    /** Whether such a call answers or fails is the bus's affair; that it harms nobody else is not. */
    @Test
    void endsInTimeWhenItsThreadIsInterrupted() throws Exception {
        var other = Inbox.open();
        try (var _ = bus.subscribe(TOPIC, other)) {
            for (var call : List.<Call>of(
                    () -> publish(List.of(event("meanwhile", "key"))),
                    () -> bus.subscribe(TOPIC, Inbox.open()).close(),
                    () -> bus.join(TOPIC, "workers", Inbox.open()).close(),
                    () -> bus.subscribe(TOPIC, Inbox.open()).finish(() -> {}))) {
                assertEndsInterrupted(call);
            }
            assertFalse(other.isCut(), "the caller was interrupted, and the place of somebody else ended");
            publish(List.of(event("after", "key")));
            var told = other.events(1).getFirst().id();
            assertEquals("after", told.equals("meanwhile") ? other.ids(1).getFirst() : told);
            assertFalse(other.isCut());
        }
        var late = Inbox.open();
        try (var _ = bus.subscribe(TOPIC, late)) {
            publish(events(7, 8));
            assertEquals(List.of("7"), late.ids(1), "it works on");
        }
    }

    private interface Call {
        void run() throws EventBusException;
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: the test fails with what the thread failed with
    private void assertEndsInterrupted(Call call) throws InterruptedException {
        var isStillInterrupted = new CompletableFuture<Boolean>();
        var thread = Thread.ofPlatform().daemon().start(() -> {
            Thread.currentThread().interrupt();
            try {
                call.run();
                isStillInterrupted.complete(Thread.currentThread().isInterrupted());
            } catch (EventBusException e) {
                isStillInterrupted.complete(Thread.currentThread().isInterrupted()); // to fail is as good as to answer
            } catch (RuntimeException | Error e) {
                isStillInterrupted.completeExceptionally(e);
            }
        });
        assertTrue(thread.join(limit()), () -> "a call on an interrupted thread does not end in " + limit());
        try {
            assertTrue(isStillInterrupted.join(), "the interrupt got lost");
        } catch (CompletionException e) {
            throw new AssertionError("a call on an interrupted thread broke", e.getCause());
        }
    }
}
