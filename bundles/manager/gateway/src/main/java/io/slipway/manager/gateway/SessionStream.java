package io.slipway.manager.gateway;

import io.slipway.lib.http.EventStream;
import io.slipway.manager.api.EventNames;
import io.slipway.manager.api.SessionEvents;
import io.slipway.manager.api.SessionEvents.News;
import io.slipway.manager.api.SessionEvents.Subscription;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.session.SessionStatus;
import java.io.IOException;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Events of sessions on their way to one client. Confined to one thread. */
final class SessionStream {

    private static final Logger LOG = LoggerFactory.getLogger(SessionStream.class);

    private final EventStream stream;
    private final SessionEvents events;
    private final SessionView view;
    private final EventRoutes.Scope scope;
    private final StreamPulse pulse;
    private final boolean isMarked;
    private boolean isEndSent;

    /**
     * Creates one.
     *
     * @param isMarked whether the client understands an id without an event
     */
    SessionStream(
            EventStream stream,
            SessionEvents events,
            SessionView view,
            EventRoutes.Scope scope,
            StreamPulse pulse,
            boolean isMarked) {
        this.stream = stream;
        this.events = events;
        this.view = view;
        this.scope = scope;
        this.pulse = pulse;
        this.isMarked = isMarked;
    }

    /**
     * Sends until the client is gone or may see nothing any more, the server stops or, if one session is meant, that has
     * ended. If the feed cuts it off, it goes on after its last event: its client could not always come back.
     *
     * @param after the last event that the client had before a break; empty if it is new
     */
    void run(OptionalLong after) throws IOException {
        isEndSent = after.isPresent();
        var position = begin(after);
        while (position.isPresent()) {
            LockSupport.parkNanos(StreamPulse.SLICE.toNanos());
            try (var subscription = events.subscribe(view, position)) {
                position = tell(subscription);
            }
        }
    }

    private OptionalLong begin(OptionalLong after) throws IOException {
        try (var subscription = events.subscribe(view, after)) {
            if (after.isEmpty()) {
                view.find();
                if (isMarked) {
                    stream.mark(Long.toString(subscription.position()));
                }
            }
            return tell(subscription);
        }
    }

    /** Returns where to go on if it is cut off; nothing if there is nothing more to tell. */
    private OptionalLong tell(Subscription subscription) throws IOException {
        while (pulse.goesOn()) {
            try {
                if (isOver(subscription)) {
                    return OptionalLong.empty();
                }
            } catch (SlipwayException e) {
                if (e.code() != FailureCode.UNAVAILABLE) {
                    throw e;
                }
                LOG.debug("A stream of events waits for the store: {}", e.getMessage());
                LockSupport.parkNanos(StreamPulse.SLICE.toNanos());
            }
            if (subscription.isCut()) {
                return OptionalLong.of(subscription.position());
            }
        }
        return OptionalLong.empty();
    }

    /** Sends the next event or waits for it a little; returns whether it was the last. */
    private boolean isOver(Subscription subscription) throws IOException {
        var news = subscription.next(StreamPulse.SLICE).filter(one -> view.test(one.session()));
        if (news.isPresent()) {
            view.told(news.get().session());
            send(news.get());
            return isEnd(news.get()) && isEndTold();
        }
        return pulse.beat(stream) && !subscription.isCatchingUp() && isEndTold();
    }

    private void send(News news) throws IOException {
        var isOfKernel = news.event().kernel() != null;
        var isWanted = switch (scope) {
            case ALL -> true;
            case SESSION -> !isOfKernel;
            case KERNEL -> isOfKernel;
        };
        if (!isWanted) {
            return;
        }
        var data = Json.text(EventAnswers.of(news));
        var names = EventNames.of(news);
        for (var i = 0; i < names.size(); i++) {
            // only the last has the id: who is cut off before it hears all of them again, none is lost
            if (i < names.size() - 1) {
                stream.send(names.get(i), data);
            } else {
                stream.send(Long.toString(news.event().id()), names.get(i), data);
            }
        }
        isEndSent |= isEnd(news);
    }

    private static boolean isEnd(News news) {
        return news.event().kernel() == null
                && SessionStatus.valueOf(news.event().status()).isTerminal();
    }

    /** Nothing follows the end of the one session that is meant; a client that came too late is told of it. */
    private boolean isEndTold() throws IOException {
        var ended = view.session().filter(session -> session.status().isTerminal());
        if (ended.isEmpty()) {
            return false;
        }
        if (!isEndSent && scope != EventRoutes.Scope.KERNEL) {
            var session = ended.get();
            var data = Json.text(EventAnswers.of(session, null, session.statusInfo()));
            for (var name : EventNames.ofSession(session.status(), session)) {
                stream.send(name, data);
            }
        }
        stream.send("server_close", "{}");
        return true;
    }
}
