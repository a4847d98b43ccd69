package io.slipway.manager.gateway;

import io.slipway.lib.http.EventStream;
import io.slipway.manager.api.SessionEvents.News;
import io.slipway.manager.api.SessionEvents.Subscription;
import io.slipway.manager.store.SessionRecord;
import io.slipway.model.session.SessionStatus;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;

/** Events of sessions on their way to one client. Confined to one thread. */
final class SessionStream {

    private final EventStream stream;
    private final Subscription subscription;
    private final EventRoutes.Scope scope;
    private final StreamPulse pulse;
    private boolean isEndTold;

    SessionStream(EventStream stream, Subscription subscription, EventRoutes.Scope scope, StreamPulse pulse) {
        this.stream = stream;
        this.subscription = subscription;
        this.scope = scope;
        this.pulse = pulse;
    }

    /**
     * Sends until the client is gone, the server stops, the client is too slow or, if one session is meant, that has ended.
     *
     * @param single looks at the session that is meant; gives nothing if several are
     * @param isReturning whether the client comes back after a break
     */
    void run(Supplier<Optional<SessionRecord>> single, boolean isReturning) throws IOException {
        isEndTold = isReturning;
        while (pulse.goesOn() && !subscription.isCut()) {
            var news = subscription.next(StreamPulse.SLICE);
            if (news.isPresent()) {
                send(news.get());
            } else if (pulse.beat(stream) && isOver(single.get())) {
                return;
            }
            if (news.filter(SessionStream::isEnd).isPresent() && isOver(single.get())) {
                return;
            }
        }
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
        isEndTold |= isEnd(news);
    }

    private static boolean isEnd(News news) {
        return news.event().kernel() == null
                && SessionStatus.valueOf(news.event().status()).isTerminal();
    }

    /** Nothing follows the end of the one session that is meant; a client that came too late is told of it. */
    private boolean isOver(Optional<SessionRecord> single) throws IOException {
        var ended = single.filter(session -> session.status().isTerminal());
        if (ended.isEmpty()) {
            return false;
        }
        if (!isEndTold && scope != EventRoutes.Scope.KERNEL) {
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
