package io.slipway.agent.api;

/**
 * A piece of output.
 *
 * @param kind of what kind
 * @param mimeType content type if the kind is MEDIA, else empty
 * @param text the text; for MEDIA the data as the client expects it
 */
public record ConsoleRecord(Kind kind, String mimeType, String text) {

    /** Kinds of output. */
    public enum Kind {
        /** Standard output. */
        STDOUT,
        /** Standard error, tracebacks included. */
        STDERR,
        /** An HTML fragment to show. */
        HTML,
        /** Other displayable content, such as an image. */
        MEDIA,
        /** A line of a log. */
        LOG
    }

    /** Returns a text record. */
    public static ConsoleRecord text(Kind kind, String text) {
        return new ConsoleRecord(kind, "", text);
    }
}
