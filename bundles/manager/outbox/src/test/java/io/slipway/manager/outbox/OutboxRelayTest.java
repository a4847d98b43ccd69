package io.slipway.manager.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.manager.api.SessionEventListener;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

@Timeout(10)
class OutboxRelayTest {

    private final InMemoryOutboxStore store = new InMemoryOutboxStore();
    private final DirectEvents events = new DirectEvents();
    private CountDownLatch heard = new CountDownLatch(1);
    private SessionEventListener listener = event -> heard.countDown();
    private final ListenerReferences listeners = new ListenerReferences(contextOf(event -> listener.happened(event)));
    private OutboxRelay relay = newRelay();

    private OutboxRelay newRelay() {
        return new OutboxRelay(
                store,
                events,
                listeners,
                InstantSource.system(),
                RandomGenerator.getDefault(),
                Duration.ofMillis(500),
                new Relay.Limits(
                        100, Duration.ofSeconds(15), Duration.ofHours(1), Duration.ofMinutes(1), Duration.ofMillis(1)));
    }

    @BeforeEach
    void start() {
        relay.addListener(reference());
        relay.start();
    }

    @AfterEach
    void stop() {
        relay.stop();
    }

    /** Begins anew, with another listener; what was told before counts no more. */
    private void startOver(SessionEventListener next) {
        relay.stop();
        listener = next;
        relay = newRelay();
        relay.start();
    }

    @Test
    void tellsEventsThatTheStoreGivesWithoutAWake() throws InterruptedException {
        store.giveByItself();
        heard = new CountDownLatch(500);
        startOver(event -> heard.countDown());
        for (int i = 0; i < 500; i++) {
            store.add(1);
        }
        assertTrue(heard.await(5, TimeUnit.SECONDS), heard.getCount() + " events missing");
        relay.stop();
        assertEquals(500, store.publishedCount(), "marked before it ends");
    }

    @Test
    void tellsWhatWasStoredBeforeItBegan() throws InterruptedException {
        relay.stop();
        store.giveByItself();
        store.add(2);
        heard = new CountDownLatch(2);
        startOver(event -> heard.countDown());
        assertTrue(heard.await(5, TimeUnit.SECONDS), heard.getCount() + " events missing");
    }

    @Test
    void aListenerThatThrowsLosesNoEvent() throws InterruptedException {
        heard = new CountDownLatch(3);
        startOver(event -> {
            heard.countDown();
            throw new IllegalStateException("broken on purpose");
        });
        store.add(3);
        relay.wake();
        assertTrue(heard.await(5, TimeUnit.SECONDS));
        relay.stop();
        assertEquals(3, store.publishedCount());
    }

    @Test
    void publishesWhenWokenLongBeforeTheSweep() throws InterruptedException {
        store.add(1);
        relay.wake();
        assertTrue(heard.await(5, TimeUnit.SECONDS));
    }

    @Test
    void manyWakesLoseNoEvent() throws InterruptedException {
        heard = new CountDownLatch(500);
        for (int i = 0; i < 500; i++) {
            store.add(1);
            relay.wake();
        }
        assertTrue(heard.await(5, TimeUnit.SECONDS), heard.getCount() + " events missing");
    }

    @Test
    void leavesTheBusWhenItStops() {
        assertEquals(1, events.listeners.size());
        relay.stop();
        assertEquals(0, events.listeners.size());
    }

    @Test
    void stopsWithinItsPatienceWhileIdle() {
        var before = System.nanoTime();
        relay.stop();
        assertTrue(System.nanoTime() - before < TimeUnit.SECONDS.toNanos(2));
    }

    @Test
    void fetchesAListenerOnceAndGivesItBack() {
        assertEquals(1, listeners.present().size());
        assertEquals(listeners.present(), listeners.present());
        relay.removeListener(reference());
        assertEquals(0, listeners.present().size());
    }

    @SuppressWarnings("unchecked")
    private static ServiceReference<SessionEventListener> reference() {
        return (ServiceReference<SessionEventListener>) proxy(ServiceReference.class, null);
    }

    private static BundleContext contextOf(SessionEventListener listener) {
        return (BundleContext) proxy(BundleContext.class, listener);
    }

    /** A stand-in of the framework: getService answers the listener; all references are equal. */
    private static Object proxy(Class<?> type, Object service) {
        return Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> switch (method.getName()) {
                    case "getService" -> service;
                    case "equals" -> type.isInstance(arguments[0]);
                    case "hashCode" -> 1;
                    case "ungetService" -> true;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
