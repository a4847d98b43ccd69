package io.slipway.model.identity;

/**
 * The public half of a keypair.
 *
 * @param value 1 to 40 printable characters, as a rule {@code AKIA} and 16 upper-case base32 characters
 */
public record AccessKey(String value) {

    /** Most characters of a key. */
    public static final int LONGEST = 40;

    /** Refuses empty and overlong keys. */
    public AccessKey {
        if (value.isBlank() || value.length() > LONGEST) {
            throw new IllegalArgumentException("access key is empty or longer than " + LONGEST + " characters");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
