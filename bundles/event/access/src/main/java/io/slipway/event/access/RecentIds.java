package io.slipway.event.access;

import java.util.LinkedHashSet;

/** The ids of the latest events, so that one that comes twice is known. Not thread-safe. */
final class RecentIds {

    private static final int KEPT = 4_096;

    private final LinkedHashSet<String> ids = new LinkedHashSet<>();

    /** Returns whether it is a new one. */
    boolean add(String id) {
        if (!ids.add(id)) {
            return false;
        }
        if (ids.size() > KEPT) {
            ids.removeFirst();
        }
        return true;
    }
}
