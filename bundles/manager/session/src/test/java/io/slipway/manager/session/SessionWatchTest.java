package io.slipway.manager.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.manager.store.SessionEvent;
import io.slipway.manager.store.SessionRecord;
import io.slipway.manager.store.SessionStore;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionStatus;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SessionWatchTest {

    private volatile SessionRecord stored = Samples.session(SessionStatus.PENDING, KernelStatus.PENDING);
    private final AtomicInteger reads = new AtomicInteger();
    private volatile CountDownLatch isRead = new CountDownLatch(1);
    private final SessionWatch watch = new SessionWatch(store());

    @Test
    void answersAtOnceWhatIsSoAlready() {
        assertEquals(
                SessionStatus.PENDING,
                watch.await(stored.id(), SessionStatus.PENDING::equals, Duration.ofSeconds(5))
                        .status());
    }

    @Test
    void givesTheStateAsItIsWhenTheLimitIsOver() {
        var begin = System.nanoTime();
        var record = watch.await(stored.id(), SessionStatus.RUNNING::equals, Duration.ofMillis(50));
        assertEquals(SessionStatus.PENDING, record.status());
        assertTrue(System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(2));
    }

    @Test
    void isWokenByAStoredChangeAtOnce() throws Exception {
        var waiting = awaitRunning();
        stored = Samples.session(SessionStatus.RUNNING, KernelStatus.RUNNING);
        watch.changed(stored);
        assertEquals(SessionStatus.RUNNING, waiting.get(1, TimeUnit.SECONDS).status());
        assertEquals(1, reads.get(), "a start that is told need not be read");
    }

    @Test
    void isWokenByAPublishedEventAtOnce() throws Exception {
        var waiting = awaitRunning();
        stored = Samples.session(SessionStatus.RUNNING, KernelStatus.RUNNING);
        watch.happened(new SessionEvent(1, stored.id(), null, "default", "RUNNING", "", Samples.THEN));
        assertEquals(SessionStatus.RUNNING, waiting.get(1, TimeUnit.SECONDS).status());
    }

    @Test
    void oldNewsIsNotTakenForTheState() throws Exception {
        stored = Samples.session(SessionStatus.TERMINATING, KernelStatus.TERMINATING);
        isRead = new CountDownLatch(1);
        var waiting = CompletableFuture.supplyAsync(
                () -> watch.await(stored.id(), status -> status != SessionStatus.TERMINATING, Duration.ofMillis(300)));
        assertTrue(isRead.await(5, TimeUnit.SECONDS));
        watch.changed(Samples.session(SessionStatus.CREATING, KernelStatus.CREATING));
        watch.changed(Samples.session(SessionStatus.RUNNING, KernelStatus.RUNNING));
        assertEquals(SessionStatus.TERMINATING, waiting.get(5, TimeUnit.SECONDS).status());
    }

    @Test
    void findsALostEventByLooking() throws Exception {
        var waiting = awaitRunning();
        stored = Samples.session(SessionStatus.RUNNING, KernelStatus.RUNNING);
        assertFalse(waiting.isDone());
        assertEquals(SessionStatus.RUNNING, waiting.get(5, TimeUnit.SECONDS).status());
    }

    @Test
    void noWakeIsLostBetweenReadingAndWaiting() throws Exception {
        for (int i = 0; i < 2_000; i++) {
            stored = Samples.session(SessionStatus.PENDING, KernelStatus.PENDING);
            var waiting = CompletableFuture.supplyAsync(
                    () -> watch.await(stored.id(), SessionStatus.RUNNING::equals, Duration.ofSeconds(5)));
            stored = Samples.session(SessionStatus.RUNNING, KernelStatus.RUNNING);
            watch.changed(stored);
            // well below the two seconds after which it would look by itself
            assertEquals(SessionStatus.RUNNING, waiting.get(1, TimeUnit.SECONDS).status());
        }
    }

    @Test
    void aSessionThatIsNotThereIsNotWaitedFor() {
        var unknown = new SessionId(new UUID(0, 0));
        assertThrows(SlipwayException.class, () -> watch.await(unknown, status -> true, Duration.ofSeconds(1)));
    }

    private CompletableFuture<SessionRecord> awaitRunning() throws InterruptedException {
        var waiting = CompletableFuture.supplyAsync(
                () -> watch.await(stored.id(), SessionStatus.RUNNING::equals, Duration.ofSeconds(10)));
        assertTrue(isRead.await(5, TimeUnit.SECONDS));
        return waiting;
    }

    /** A store that has one session; the real one is slower than this race. */
    private SessionStore store() {
        return (SessionStore) Proxy.newProxyInstance(
                SessionStore.class.getClassLoader(), new Class<?>[] {SessionStore.class}, (self, method, arguments) -> {
                    var now = stored;
                    reads.incrementAndGet();
                    isRead.countDown();
                    return now.id().equals(arguments[0]) ? Optional.of(now) : Optional.empty();
                });
    }
}
