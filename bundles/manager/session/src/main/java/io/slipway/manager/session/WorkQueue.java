package io.slipway.manager.session;

import io.slipway.manager.api.SessionEventListener;
import io.slipway.manager.store.SessionEvent;
import io.slipway.model.agent.AgentId;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Component;

/**
 * What is to be looked at soon. Signals only: whoever takes one reads the present state, so a signal too many is harmless
 * and several for one session are one. What does not fit any more is found again by the sweep.
 */
@Component(service = {WorkQueue.class, SessionEventListener.class})
public final class WorkQueue implements SessionEventListener {

    private static final int CAPACITY = 100_000;

    private final BlockingQueue<Work> queue = new LinkedBlockingQueue<>(CAPACITY);
    private final Set<Work> waiting = ConcurrentHashMap.newKeySet();

    /** Something to do. */
    sealed interface Work {

        /**
         * Take a session one step further.
         *
         * @param session which
         */
        record Advance(SessionId session) implements Work {}

        /**
         * Remove a kernel from an agent that should not have it.
         *
         * @param agent where it is
         * @param kernel which
         */
        record RemoveStray(AgentId agent, KernelId kernel) implements Work {}

        /** Nothing; wakes who waits. */
        record Nothing() implements Work {}
    }

    void advance(SessionId session) {
        add(new Work.Advance(session));
    }

    void removeStray(AgentId agent, KernelId kernel) {
        add(new Work.RemoveStray(agent, kernel));
    }

    /** Lets a waiting {@link #take} return. */
    void wake() {
        add(new Work.Nothing());
    }

    /** Returns what is to be done, at most so much; waits for the first. Empty if there was nothing for so long. */
    List<Work> take(int limit, Duration patience) throws InterruptedException {
        var result = new ArrayList<Work>();
        var first = queue.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (first != null) {
            result.add(first);
            queue.drainTo(result, limit - 1);
        }
        result.forEach(waiting::remove); // before it is done: a signal from now on counts anew
        return result;
    }

    @Override
    public void happened(SessionEvent event) {
        if (event.kernel() == null && SessionStatus.SCHEDULED.name().equals(event.status())) {
            advance(event.session());
        }
    }

    private void add(Work work) {
        if (waiting.add(work) && !queue.offer(work)) {
            waiting.remove(work);
        }
    }
}
