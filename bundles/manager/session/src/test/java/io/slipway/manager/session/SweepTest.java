package io.slipway.manager.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slipway.manager.persistence.OpenStores;
import io.slipway.manager.store.SessionStore;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionStatus;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions that are held back for long cost the sweep next to nothing, however many there are. */
class SweepTest {

    private static final Duration LONG = SteppedSessions.SETTINGS.pending().plusSeconds(10);

    private final Town.Clock clock = new Town.Clock();
    private final AtomicInteger looks = new AtomicInteger();
    private OpenStores stores;
    private SteppedSessions sessions;
    private Sweep sweep;

    @BeforeEach
    void begin() {
        stores = OpenStores.inMemory("sweep" + System.nanoTime());
        Town.populate(stores, List.of());
        sessions = new SteppedSessions(stores, new Town.Directory(), clock, new SplittableRandom(1), "m");
        var store = counting(stores.sessions());
        var queue = new WorkQueue();
        var transitions = new StoredTransitions(store, () -> {}, new SessionWatch(store));
        var setbacks = new Setbacks(store, transitions, queue, SteppedSessions.SETTINGS, clock);
        sweep = new Sweep(store, transitions, queue, setbacks, agent -> true, SteppedSessions.SETTINGS, clock);
    }

    @AfterEach
    void end() {
        stores.close();
    }

    private SessionStore counting(SessionStore real) {
        return (SessionStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {SessionStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().startsWith("find")) {
                        looks.incrementAndGet();
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private SessionId job(String name, @Nullable String startsAt, String... dependencies) {
        return sessions.create(Town.job(name, startsAt, dependencies));
    }

    private SessionStatus status(SessionId session) {
        return stores.sessions().find(session).orElseThrow().status();
    }

    @Test
    void doesNotLookAtHeldBackSessionsEachTime() {
        var later = job("later-job", clock.instant().plus(Duration.ofDays(30)).toString());
        var first = job("first-job", clock.instant().plus(LONG).toString());
        var after = job("after-job", null, "first-job");
        clock.forward(LONG);
        sweep.sweep();
        looks.set(0);
        for (var i = 0; i < 5; i++) {
            clock.forward(Duration.ofSeconds(2));
            sweep.sweep();
        }
        assertEquals(0, looks.get(), "looks at sessions that nothing is to be done with");
        clock.forward(LONG);
        sweep.sweep();
        assertEquals(SessionStatus.CANCELLED, status(first));
        clock.forward(LONG);
        sweep.sweep();
        assertEquals(SessionStatus.CANCELLED, status(after));
        assertEquals(SessionStatus.PENDING, status(later));
    }
}
