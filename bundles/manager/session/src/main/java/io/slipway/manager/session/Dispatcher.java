package io.slipway.manager.session;

import io.slipway.manager.session.Launches.Launch;
import io.slipway.manager.session.WorkQueue.Work;
import io.slipway.manager.store.SessionRecord;
import io.slipway.manager.store.SessionStore;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.session.SessionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes signals, reads the sessions they are about in one go, and lets each be taken further on a thread of its own. */
final class Dispatcher {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    private final SessionStore store;
    private final WorkQueue queue;
    private final Launches launches;
    private final Launcher launcher;
    private final Ender ender;
    private final Restarter restarter;
    private final Executor executor;

    Dispatcher(
            SessionStore store,
            WorkQueue queue,
            Launches launches,
            Launcher launcher,
            Ender ender,
            Restarter restarter,
            Executor executor) {
        this.store = store;
        this.queue = queue;
        this.launches = launches;
        this.launcher = launcher;
        this.ender = ender;
        this.restarter = restarter;
        this.executor = executor;
    }

    /** Does what was taken from the queue; returns when all of it is under way. */
    void dispatch(List<Work> works) {
        var sessions = new ArrayList<SessionId>();
        for (var work : works) {
            switch (work) {
                case Work.Advance advance -> sessions.add(advance.session());
                case Work.RemoveStray stray -> execute("removal of stray " + stray.kernel(), () -> removeStray(stray));
                case Work.Nothing nothing -> LOG.trace("woken");
            }
        }
        if (!sessions.isEmpty()) {
            advance(sessions);
        }
    }

    private void advance(List<SessionId> ids) {
        // opened before the sessions are read: see Launches
        var opened = new HashMap<SessionId, Launch>();
        ids.forEach(id -> launches.open(id).ifPresent(launch -> opened.put(id, launch)));
        try {
            store.findAll(ids).values().forEach(session -> advance(session, opened));
        } finally {
            opened.values().forEach(Launch::close); // those that nobody took
        }
    }

    private void advance(SessionRecord session, Map<SessionId, Launch> opened) {
        switch (session.status()) {
            case SCHEDULED, PREPARING, PULLING, CREATING -> {
                var launch = opened.remove(session.id());
                if (launch != null) {
                    execute("launch of " + session.id(), () -> launch(launch, session));
                }
            }
            case TERMINATING -> {
                var launch = opened.remove(session.id());
                if (launch != null) {
                    launch.close();
                }
                execute("end of " + session.id(), () -> ender.end(session));
            }
            case RESTARTING -> execute("restart of " + session.id(), () -> restarter.restart(session));
            case PENDING, RUNNING, TERMINATED, CANCELLED, ERROR ->
                LOG.trace("session={} needs nothing in {}", session.id(), session.status());
        }
    }

    private void launch(Launch launch, SessionRecord session) {
        try (launch) {
            launcher.run(launch, session);
        }
        if (launch.isAskedAgain()) {
            queue.advance(session.id());
        }
    }

    /** Under a launch of its session, so that nothing can make the kernel rightful on that agent meanwhile. */
    private void removeStray(Work.RemoveStray stray) {
        var session = store.findByKernel(stray.kernel()).map(SessionRecord::id);
        var opened = session.flatMap(launches::open);
        if (opened.isEmpty()) {
            return; // it is being launched: the next comparison with the agent sees what came of that
        }
        var launch = opened.get();
        try (launch) {
            if (isStillStray(stray)) {
                ender.removeStray(stray.agent(), stray.kernel());
            }
        }
        if (launch.isAskedAgain()) {
            session.ifPresent(queue::advance);
        }
    }

    private boolean isStillStray(Work.RemoveStray stray) {
        return store.findByKernel(stray.kernel()).stream()
                .flatMap(session -> session.kernels().stream())
                .anyMatch(
                        kernel -> kernel.id().equals(stray.kernel()) && Reconciliation.isStray(kernel, stray.agent()));
    }

    private void execute(String what, Runnable action) {
        executor.execute(() -> runAndSurvive(what, action));
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: the sweep takes up what failed here
    private static void runAndSurvive(String what, Runnable action) {
        try {
            action.run();
        } catch (SlipwayException e) {
            LOG.warn("The {} is put off: {}", what, e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("The {} failed; it is tried again", what, e);
        }
    }
}
