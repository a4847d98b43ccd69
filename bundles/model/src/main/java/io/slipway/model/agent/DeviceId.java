package io.slipway.model.agent;

/**
 * The identity of a device on its node, unique within one slot family.
 *
 * @param value 1 to 128 characters, such as {@code 0} or a GPU's UUID
 */
public record DeviceId(String value) implements Comparable<DeviceId> {

    /** Refuses empty and overlong ids. */
    public DeviceId {
        if (value.isBlank() || value.length() > 128) {
            throw new IllegalArgumentException("device id '" + value + "' is empty or longer than 128 characters");
        }
    }

    @Override
    public int compareTo(DeviceId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
