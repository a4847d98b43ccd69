package io.slipway.manager.persistence;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Lists of keys for IN queries. */
final class Keys {

    /** The most keys in one query. */
    static final int MOST = 512;

    private Keys() {}

    /**
     * Returns the keys without repetition and in order, filled up with the last one to a power of two, so that statements of
     * a few lengths are parsed once and kept.
     *
     * @param keys at least one
     */
    static <K extends Comparable<? super K>> List<K> padded(Collection<K> keys) {
        var list = new ArrayList<>(keys.stream().distinct().sorted().toList());
        var size = Integer.highestOneBit(list.size());
        var full = size == list.size() ? size : size * 2;
        var last = list.getLast();
        while (list.size() < full) {
            list.add(last);
        }
        return list;
    }

    /** Returns the keys in parts of at most {@link #MOST}. */
    static <K> List<List<K>> parts(Collection<K> keys) {
        var list = List.copyOf(keys);
        var parts = new ArrayList<List<K>>();
        for (int from = 0; from < list.size(); from += MOST) {
            parts.add(list.subList(from, Math.min(from + MOST, list.size())));
        }
        return parts;
    }
}
