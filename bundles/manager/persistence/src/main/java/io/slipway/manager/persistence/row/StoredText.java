package io.slipway.manager.persistence.row;

/** Text from outside, made fit to be stored: PostgreSQL refuses NUL characters, and columns end somewhere. */
public final class StoredText {

    /** The length of columns for reasons in words. */
    static final int REASON_LIMIT = 4_000;

    private static final char REPLACEMENT = '\uFFFD';

    private StoredText() {}

    /** Returns a text without NUL characters. */
    static String clean(String text) {
        return text.indexOf('\0') < 0 ? text : text.replace('\0', REPLACEMENT);
    }

    /** Returns a text without NUL characters that fits a column for reasons; what is too long loses its end. */
    public static String reason(String text) {
        if (text.length() <= REASON_LIMIT) {
            return clean(text);
        }
        return clean(text.substring(0, REASON_LIMIT - 3)) + "...";
    }
}
