package io.slipway.model.slot;

import java.util.regex.Pattern;

/**
 * The name of a countable resource, such as {@code cpu}, {@code mem} or {@code cuda.device}.
 *
 * @param value lower-case words joined by {@code .} or {@code -}, 1 to 64 characters
 */
public record SlotName(String value) implements Comparable<SlotName> {

    // before the constants that it checks
    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9]*([.-][a-z0-9]+)*");

    /** Processor cores. */
    public static final SlotName CPU = new SlotName("cpu");

    /** Main memory in bytes. */
    public static final SlotName MEM = new SlotName("mem");

    /**
     * Checks the form.
     *
     * @throws IllegalArgumentException if the name is empty, too long or of another form
     */
    public SlotName {
        if (value.length() > 64 || !FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("slot name '" + value + "' is not lower-case words joined by . or -");
        }
    }

    @Override
    public int compareTo(SlotName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
