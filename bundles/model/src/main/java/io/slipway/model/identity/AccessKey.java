package io.slipway.model.identity;

/**
 * The public half of a keypair.
 *
 * @param value 1 to 40 printable characters, as a rule {@code AKIA} and 16 upper-case base32 characters
 */
public record AccessKey(String value) {

    /** Refuses empty and overlong keys. */
    public AccessKey {
        if (value.isBlank() || value.length() > 40) {
            throw new IllegalArgumentException("access key is empty or longer than 40 characters");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
