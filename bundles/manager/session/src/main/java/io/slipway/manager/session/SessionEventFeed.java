package io.slipway.manager.session;

import io.slipway.manager.api.SessionEventListener;
import io.slipway.manager.api.SessionEvents;
import io.slipway.manager.store.OutboxStore;
import io.slipway.manager.store.SessionEvent;
import io.slipway.manager.store.SessionRecord;
import io.slipway.manager.store.SessionStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands published events to whoever listens. The outbox's thread only puts them into one bounded queue, and only while
 * somebody listens; a thread of its own adds the sessions, a batch at a time, and fills the bounded queue of each listener.
 * Nobody waits for a slow listener: it is cut, and comes again after the last event that it had.
 */
@Component(service = {SessionEvents.class, SessionEventListener.class})
public final class SessionEventFeed implements SessionEvents, SessionEventListener {

    private static final Logger LOG = LoggerFactory.getLogger(SessionEventFeed.class);
    private static final int WAITING = 10_000;
    private static final int BATCH = 200;

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(3);

    private final SessionStore sessions;
    private final OutboxStore outbox;
    private final int queueLength;
    private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<SessionEvent> waiting;
    private final Thread thread =
            Thread.ofVirtual().name("slipway-session-feed").unstarted(this::run);
    private volatile boolean isStopped;

    /** Used by the component runtime. */
    @Activate
    public SessionEventFeed(@Reference SessionStore sessions, @Reference OutboxStore outbox) {
        this(sessions, outbox, 256, new ArrayBlockingQueue<>(WAITING));
    }

    SessionEventFeed(SessionStore sessions, OutboxStore outbox, int queueLength, BlockingQueue<SessionEvent> waiting) {
        this.sessions = sessions;
        this.outbox = outbox;
        this.queueLength = queueLength;
        this.waiting = waiting;
    }

    @Activate
    void start() {
        thread.start();
    }

    @Deactivate
    void stop() {
        isStopped = true;
        listeners.forEach(Listener::cut);
        try {
            // no interrupt: it may be in the midst of a query of an embedded database
            if (!thread.join(STOP_PATIENCE)) {
                LOG.warn("Feed of session events still busy {} after stop", STOP_PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void happened(SessionEvent event) {
        if (!listeners.isEmpty() && !waiting.offer(event)) {
            LOG.warn("Too many session events wait; every listener is cut and comes again");
            cutAll();
        }
    }

    /** In this order: who subscribes meanwhile is cut as well, or has lost nothing. */
    private void cutAll() {
        waiting.clear();
        listeners.forEach(Listener::cut);
    }

    @Override
    public Subscription subscribe(Predicate<SessionRecord> selection, OptionalLong after) {
        // first where it begins: what is stored from now on is not lost if it has to come again
        var missed = new MissedEvents(outbox, after.orElseGet(outbox::last));
        var listener = new Listener(selection, missed, after.isPresent());
        listeners.add(listener);
        if (isStopped) {
            listener.cut();
        }
        return listener;
    }

    private void run() {
        while (!isStopped) {
            try {
                var first = waiting.poll(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
                if (first != null) {
                    var batch = new ArrayList<SessionEvent>(BATCH);
                    batch.add(first);
                    waiting.drainTo(batch, BATCH - 1);
                    tell(batch);
                }
            } catch (InterruptedException e) {
                LOG.warn("The feed of session events was interrupted and ends");
                cutAll();
                return;
            }
        }
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: listeners come again if the store could not be read
    private void tell(List<SessionEvent> batch) {
        try {
            news(batch).forEach(news -> listeners.forEach(listener -> listener.offer(news)));
        } catch (RuntimeException e) {
            LOG.warn("Session events could not be told, listeners are cut and come again: {}", e.getMessage());
            cutAll();
        }
    }

    /** Adds the sessions, by one query. */
    private List<News> news(List<SessionEvent> batch) {
        var records = sessions.findAll(
                batch.stream().map(SessionEvent::session).distinct().toList());
        var news = new ArrayList<News>(batch.size());
        for (var event : batch) {
            var session = records.get(event.session());
            if (session != null) {
                news.add(new News(event, session));
            }
        }
        return news;
    }

    /** One listener and what waits for it. */
    private final class Listener implements Subscription {

        private final Predicate<SessionRecord> selection;
        private final BlockingQueue<News> queue = new ArrayBlockingQueue<>(queueLength);
        private volatile boolean isCut;
        // of the listener's thread
        private final MissedEvents missed;
        private boolean isReplaying;
        private List<News> earlier = List.of();
        private long position;

        Listener(Predicate<SessionRecord> selection, MissedEvents missed, boolean isReplaying) {
            this.selection = selection;
            this.missed = missed;
            this.isReplaying = isReplaying;
            this.position = missed.after();
        }

        void offer(News news) {
            if (selection.test(news.session()) && !isCut && !queue.offer(news)) {
                LOG.debug("A listener of session events did not keep up and is cut");
                cut();
            }
        }

        void cut() {
            isCut = true;
            listeners.remove(this);
            queue.clear();
        }

        @Override
        public Optional<News> next(Duration limit) {
            var end = System.nanoTime() + limit.toNanos();
            while (isReplaying && earlier.isEmpty() && !isCut && end - System.nanoTime() > 0) {
                fetchEarlier();
            }
            if (isCut) {
                return Optional.empty();
            }
            var next = isCatchingUp() ? earlier.stream().findFirst() : poll(end);
            earlier = earlier.subList(Math.min(1, earlier.size()), earlier.size());
            next.ifPresent(news -> position = Math.max(position, news.event().id()));
            return next;
        }

        @Override
        public boolean isCatchingUp() {
            return isReplaying || !earlier.isEmpty();
        }

        private void fetchEarlier() {
            var page = missed.page();
            earlier = news(page).stream()
                    .filter(news -> selection.test(news.session()))
                    .toList();
            earlier.forEach(news -> missed.told(news.event()));
            missed.taken(page); // last: if the sessions could not be read, it is read again
            isReplaying = !missed.isAll();
        }

        /** Leaves out what it had: a server that died may publish its last events once more. */
        private Optional<News> poll(long end) {
            try {
                var news = queue.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                while (news != null && missed.isKnown(news.event())) {
                    news = queue.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                }
                return Optional.ofNullable(news);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public boolean isCut() {
            return isCut;
        }

        @Override
        public void close() {
            listeners.remove(this);
        }
    }
}
