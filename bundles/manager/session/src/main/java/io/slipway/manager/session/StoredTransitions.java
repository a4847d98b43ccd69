package io.slipway.manager.session;

import io.slipway.manager.api.Outbox;
import io.slipway.manager.store.SessionStore;
import io.slipway.manager.store.Transition;
import io.slipway.manager.store.TransitionResult;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionStatus;
import java.util.List;
import java.util.function.Predicate;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Stores transitions and says so to who waits here at once, to the others by the outbox. The store lets callers that write
 * at the same time share a commit, so nothing is gathered here.
 */
@Component(service = Transitions.class)
public final class StoredTransitions implements Transitions {

    private final SessionStore store;
    private final Outbox outbox;
    private final SessionWatch watch;

    /** Used by the component runtime. */
    @Activate
    public StoredTransitions(@Reference SessionStore store, @Reference Outbox outbox, @Reference SessionWatch watch) {
        this.store = store;
        this.outbox = outbox;
        this.watch = watch;
    }

    @Override
    public SessionWatch.News listen(SessionId session, Predicate<SessionStatus> wanted) {
        return watch.listen(session, wanted);
    }

    @Override
    public List<TransitionResult> apply(List<Transition> chain) {
        var results = store.applyAll(chain);
        var isApplied = false;
        for (var result : results) {
            if (result instanceof TransitionResult.Applied applied) {
                watch.changed(applied.session());
                isApplied = true;
            }
        }
        if (isApplied) {
            outbox.wake();
        }
        return results;
    }
}
