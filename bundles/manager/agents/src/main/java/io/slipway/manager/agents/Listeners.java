package io.slipway.manager.agents;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls listeners after changes, on one thread; changes that come while it is busy are told together. Thread-safe. */
final class Listeners {

    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final List<Runnable> all = new CopyOnWriteArrayList<>();
    private final AtomicBoolean isDue = new AtomicBoolean();
    private final ExecutorService thread;

    Listeners(ExecutorService thread) {
        this.thread = thread;
    }

    AutoCloseable add(Runnable listener) {
        // a registration is itself, whatever equals says of the listener
        var registration = new Registration(listener);
        all.add(registration);
        return () -> all.remove(registration);
    }

    private static final class Registration implements Runnable {

        private final Runnable listener;

        Registration(Runnable listener) {
            this.listener = listener;
        }

        @Override
        public void run() {
            listener.run();
        }
    }

    void changed() {
        if (isDue.compareAndSet(false, true)) {
            try {
                thread.execute(this::tell);
            } catch (RejectedExecutionException e) {
                LOG.debug("The directory stops, nobody is told", e);
            }
        }
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: one failing listener must not keep the others from hearing
    private void tell() {
        isDue.set(false);
        for (var listener : all) {
            try {
                listener.run();
            } catch (RuntimeException e) {
                LOG.error("A listener to changes of agents failed", e);
            }
        }
    }
}
