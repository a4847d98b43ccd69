package io.slipway.scheduling.testkit;

import java.util.concurrent.Semaphore;

/** What is wrong with a policy. */
enum Fault {
    NOTHING,
    HANGS,
    HANGS_WHEN_INTERRUPTED,
    FORGETS_THE_INTERRUPT,
    BREAKS_WHEN_INTERRUPTED,
    DECIDES_OTHERWISE_WHEN_INTERRUPTED,
    DECIDES_OTHERWISE_AFTER_AN_INTERRUPT;

    /** Never given back: whoever asks for it waits for ever. */
    private static final Semaphore NEVER = new Semaphore(0);

    /** Does at the beginning of a call what this fault does; returns whether the call shall decide otherwise. */
    boolean begin(boolean wasInterrupted) {
        var isInterrupted = Thread.currentThread().isInterrupted();
        return switch (this) {
            case NOTHING -> false;
            case HANGS -> {
                waitUntilInterrupted();
                yield false;
            }
            case HANGS_WHEN_INTERRUPTED -> {
                if (isInterrupted) {
                    NEVER.acquireUninterruptibly();
                }
                yield false;
            }
            case FORGETS_THE_INTERRUPT -> isInterrupted && !Thread.interrupted();
            case BREAKS_WHEN_INTERRUPTED -> {
                if (isInterrupted) {
                    throw new IllegalStateException("broken");
                }
                yield false;
            }
            case DECIDES_OTHERWISE_WHEN_INTERRUPTED -> isInterrupted;
            case DECIDES_OTHERWISE_AFTER_AN_INTERRUPT -> wasInterrupted && !isInterrupted;
        };
    }

    private static void waitUntilInterrupted() {
        try {
            NEVER.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
