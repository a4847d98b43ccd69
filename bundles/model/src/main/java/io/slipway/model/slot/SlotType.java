package io.slipway.model.slot;

/** How amounts of a slot are counted and shown. */
public enum SlotType {
    /** Plain numbers: cores, devices, shares. */
    COUNT,
    /** Bytes; people may write them with a binary suffix such as {@code 512m}. */
    BYTES,
    /** At most one per kernel. */
    UNIQUE;

    /** Returns the spelling that clients know, such as {@code count}. */
    public String wireName() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
