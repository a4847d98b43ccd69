package io.slipway.manager.callbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.manager.api.SessionEvents;
import io.slipway.manager.store.KernelRecord;
import io.slipway.manager.store.SessionDetails;
import io.slipway.manager.store.SessionEvent;
import io.slipway.manager.store.SessionRecord;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.image.ImageRef;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.session.ClusterMode;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionResult;
import io.slipway.model.session.SessionStatus;
import io.slipway.model.session.SessionType;
import io.slipway.model.slot.SlotAmounts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ConfiguredCallbacksTest {

    private static final Instant WHEN = Instant.parse("2026-01-02T03:04:05.678901Z");

    @TempDir
    private Path folder;

    private final Feed feed = new Feed();
    private final Post post = new Post();

    private ConfiguredCallbacks callbacks() {
        return new ConfiguredCallbacks(
                feed,
                new Targets(List.of("example.org")),
                targets -> {
                    post.made.incrementAndGet();
                    return post;
                },
                folder.resolve("callbacks/used"));
    }

    @Test
    void tellsEachEventOfASessionInOrder() throws InterruptedException {
        var callbacks = callbacks();
        callbacks.expect("http://example.org/hook");
        var session = session("http://example.org/hook?key=1", SessionType.INTERACTIVE, SessionResult.UNDEFINED);
        feed.tell(session, "PENDING", null);
        feed.tell(session, "CREATING", null);
        feed.tell(session, "RUNNING", session.mainKernel().id().toString());
        feed.tell(session, "RUNNING", null);
        feed.tell(session(null, SessionType.INTERACTIVE, SessionResult.UNDEFINED), "RUNNING", null);
        feed.tell(session, "TERMINATED", null);

        for (var event : List.of("enqueued", "started", "terminated")) {
            assertEquals(
                    "http://example.org/hook?key=1 {\"type\":\"session_lifecycle\",\"event\":\"" + event
                            + "\",\"session_id\":\"" + session.id()
                            + "\",\"when\":\"2026-01-02T03:04:05.678901+00:00\"}",
                    post.taken.poll(20, TimeUnit.SECONDS));
        }
        callbacks.stop();
        assertTrue(post.taken.isEmpty());
        assertTrue(post.isClosed);
        assertEquals(1, post.made.get());
    }

    /** What calls web servers costs a start some hundred milliseconds, and few installations need it. */
    @Test
    void makesNoCourierBeforeThereIsSomethingToTell() throws IOException {
        Files.createDirectories(folder.resolve("callbacks"));
        Files.createFile(folder.resolve("callbacks/used"));
        var callbacks = callbacks();
        callbacks.start();
        callbacks.expect("http://example.org/hook");
        callbacks.stop();
        assertEquals(0, post.made.get());
        assertFalse(post.isClosed);
    }

    @Test
    void tellsHowABatchSessionWent() throws InterruptedException {
        var callbacks = callbacks();
        callbacks.expect("http://example.org/");
        feed.tell(session("http://example.org/", SessionType.BATCH, SessionResult.FAILURE), "TERMINATED", null);

        assertTrue(String.valueOf(post.taken.poll(20, TimeUnit.SECONDS)).contains("\"failure\""));
        assertTrue(String.valueOf(post.taken.poll(20, TimeUnit.SECONDS)).contains("\"terminated\""));
        callbacks.stop();
    }

    @Test
    void aReceiverThatHangsHoldsNobodyElseUp() throws InterruptedException {
        post.stuck = "http://slow.example.org/";
        var callbacks = new ConfiguredCallbacks(
                feed, new Targets(List.of("*")), targets -> post, folder.resolve("callbacks/used"));
        callbacks.expect("http://example.org/");
        var slow = session("http://slow.example.org/", SessionType.INTERACTIVE, SessionResult.UNDEFINED);
        for (var i = 0; i < 1_000; i++) {
            feed.tell(slow, "RUNNING", null); // far more than are kept of one session
        }
        feed.tell(session("http://example.org/", SessionType.BATCH, SessionResult.UNDEFINED), "RUNNING", null);

        assertTrue(String.valueOf(post.taken.poll(20, TimeUnit.SECONDS)).startsWith("http://example.org/"));
        post.release.countDown();
        callbacks.stop();
    }

    @Test
    void listensOnlyInAnInstallationThatEverHadAnAddress() {
        var first = callbacks();
        first.start();
        assertFalse(feed.isHeard);
        var refused = assertThrows(SlipwayException.class, () -> first.expect("http://10.0.0.1/"));
        assertEquals(FailureCode.INVALID_PARAMETERS, refused.code());
        assertFalse(feed.isHeard);
        first.expect("http://example.org/");
        assertTrue(feed.isHeard);
        first.stop();
        assertTrue(Files.exists(folder.resolve("callbacks/used")));

        feed.isHeard = false;
        var second = callbacks();
        second.start();
        assertTrue(feed.isHeard);
        second.stop();
    }

    @Test
    void goesOnAfterTheLastEventWhenItIsCut() throws InterruptedException {
        var callbacks = callbacks();
        callbacks.expect("http://example.org/");
        var session = session("http://example.org/", SessionType.INTERACTIVE, SessionResult.UNDEFINED);
        feed.tell(session, "RUNNING", null);
        assertTrue(String.valueOf(post.taken.poll(20, TimeUnit.SECONDS)).contains("started"));
        feed.cuts.add(true);

        assertEquals(OptionalLong.of(1), feed.subscriptions.poll(20, TimeUnit.SECONDS));
        feed.tell(session, "TERMINATING", null);
        assertTrue(String.valueOf(post.taken.poll(20, TimeUnit.SECONDS)).contains("terminating"));
        callbacks.stop();
    }

    /** Hands events on to the last who listens. */
    private static final class Feed implements SessionEvents {

        private final BlockingQueue<News> news = new LinkedBlockingQueue<>();
        private final BlockingQueue<Boolean> cuts = new LinkedBlockingQueue<>();
        /** Where those who came again went on. */
        private final BlockingQueue<OptionalLong> subscriptions = new LinkedBlockingQueue<>();

        private long last;
        private volatile boolean isHeard;

        void tell(SessionRecord session, String status, @Nullable String kernel) {
            news.add(new News(new SessionEvent(++last, session.id(), kernel, "default", status, "", WHEN), session));
        }

        @Override
        public Subscription subscribe(Predicate<SessionRecord> selection, OptionalLong after) {
            if (isHeard) {
                subscriptions.add(after);
            }
            isHeard = true;
            return new Subscription() {

                private boolean isCut;

                @Override
                public Optional<News> next(Duration limit) {
                    try {
                        isCut = cuts.poll() != null;
                        return isCut
                                ? Optional.empty()
                                : Optional.ofNullable(news.poll(50, TimeUnit.MILLISECONDS))
                                        .filter(one -> selection.test(one.session()));
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return Optional.empty();
                    }
                }

                @Override
                public boolean isCatchingUp() {
                    return false;
                }

                @Override
                public long position() {
                    return last;
                }

                @Override
                public boolean isCut() {
                    return isCut;
                }

                @Override
                public void close() {
                    // the next one hears what comes
                }
            };
        }
    }

    /** Keeps what it is to bring. */
    private static final class Post implements Courier {

        private final BlockingQueue<String> taken = new LinkedBlockingQueue<>();
        private final CountDownLatch release = new CountDownLatch(1);
        private final AtomicInteger made = new AtomicInteger();
        private volatile String stuck = "";
        private volatile boolean isClosed;

        @Override
        public void post(URI target, String json) throws IOException {
            try {
                if (target.toString().equals(stuck)) {
                    release.await();
                    throw new IOException("too late");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            taken.add(target + " " + json);
        }

        @Override
        public void close() {
            isClosed = true;
        }
    }

    private static SessionRecord session(@Nullable String callback, SessionType type, SessionResult result) {
        var id = new SessionId(UUID.randomUUID());
        var details = new SessionDetails(
                type,
                10,
                ClusterMode.SINGLE_NODE,
                null,
                Map.of(),
                Map.of(),
                List.of(),
                null,
                callback,
                null,
                0,
                null,
                List.of());
        var kernel = new KernelRecord(
                new KernelId(id.value()),
                id,
                ImageRef.parse("local/python:3", "x86_64"),
                "main",
                1,
                SlotAmounts.NONE,
                SlotAmounts.NONE,
                null,
                "",
                List.of(),
                KernelStatus.RUNNING,
                "",
                WHEN,
                null,
                WHEN,
                null);
        return new SessionRecord(
                id,
                "mysess01",
                new AccessKey("AKIATEST"),
                new UUID(0, 1),
                "user@example.org",
                "default",
                new UUID(0, 2),
                "default",
                "default",
                details,
                SessionStatus.RUNNING,
                "",
                WHEN,
                result,
                0,
                WHEN,
                null,
                null,
                List.of(kernel));
    }
}
