package io.slipway.manager.session;

import io.slipway.model.session.SessionId;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The launches that are under way here, at most one per session.
 *
 * <p>It keeps a creation from overtaking a destruction: who ends a session first stores TERMINATING and then closes its
 * launch, which waits for a create call that is out; a launch opens before it reads the session and asks before each
 * create call. Without this a slow create could arrive after the destroy and leave a container behind.
 */
final class Launches {

    private final ConcurrentMap<SessionId, Launch> running = new ConcurrentHashMap<>();

    /** Opens a launch; empty if one is under way, which then remembers that it was asked again. Close it. */
    Optional<Launch> open(SessionId session) {
        var launch = new Launch(session);
        var present = running.putIfAbsent(session, launch);
        if (present != null) {
            present.isAskedAgain = true;
        }
        return present == null ? Optional.of(launch) : Optional.empty();
    }

    boolean isRunning(SessionId session) {
        return running.containsKey(session);
    }

    /**
     * Forbids further create calls of a session's launch and waits for one that is out.
     *
     * @return false if one is still out after so long
     */
    boolean forbid(SessionId session, Duration patience) {
        var launch = running.get(session);
        return launch == null || launch.forbid(patience);
    }

    private enum State {
        OPEN,
        CREATING,
        CLOSED
    }

    /** One launch. */
    final class Launch implements AutoCloseable {

        private final SessionId session;
        private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
        private final CountDownLatch isOver = new CountDownLatch(1);
        private volatile boolean isForbidden;
        private volatile boolean isAskedAgain;

        private Launch(SessionId session) {
            this.session = session;
        }

        /** Asks whether kernels may be created now. */
        boolean mayCreate() {
            return state.compareAndSet(State.OPEN, State.CREATING);
        }

        /** Returns whether the session ends, so that no further kernel should be created. */
        boolean isForbidden() {
            return isForbidden;
        }

        /** Returns whether somebody wanted to launch the session while this launch was under way. */
        boolean isAskedAgain() {
            return isAskedAgain;
        }

        private boolean forbid(Duration patience) {
            isForbidden = true;
            if (state.compareAndSet(State.OPEN, State.CLOSED)) {
                return true;
            }
            try {
                return state.get() != State.CREATING || isOver.await(patience.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        @Override
        public void close() {
            state.set(State.CLOSED);
            running.remove(session, this);
            isOver.countDown();
        }
    }
}
