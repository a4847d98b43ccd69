package io.slipway.manager.store;

import java.util.Locale;

/**
 * A pattern for texts: {@code %} stands for any characters, {@code _} for one, a backslash takes the meaning from what
 * follows.
 *
 * @param text the pattern
 */
public record LikePattern(String text) {

    /** Stands before what has no meaning of its own in {@link #escaped}. */
    public static final char ESCAPE = '!';

    /** Returns it for a {@code LIKE} with {@code ESCAPE '!'}, which every database understands in the same way. */
    public String escaped() {
        var out = new StringBuilder(text.length() + 8);
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                i++;
                escape(text.charAt(i), out);
            } else if (c == '%' || c == '_') {
                out.append(c);
            } else {
                escape(c, out);
            }
        }
        return out.toString();
    }

    /** Returns a {@link #escaped} pattern of texts that have a text in them. */
    public static String around(String part) {
        var out = new StringBuilder(part.length() + 8).append('%');
        for (var i = 0; i < part.length(); i++) {
            escape(part.charAt(i), out);
        }
        return out.append('%').toString();
    }

    private static void escape(char c, StringBuilder out) {
        if (c == '%' || c == '_' || c == ESCAPE) {
            out.append(ESCAPE);
        }
        out.append(c);
    }

    /** Returns whether a text is like it. Takes time in proportion to both lengths, whatever the pattern. */
    public boolean matches(String value, boolean isCaseIgnored) {
        var pattern = isCaseIgnored ? escaped().toLowerCase(Locale.ROOT) : escaped();
        var subject = isCaseIgnored ? value.toLowerCase(Locale.ROOT) : value;
        var isReached = new boolean[subject.length() + 1];
        isReached[0] = true;
        for (var i = 0; i < pattern.length(); i++) {
            var c = pattern.charAt(i);
            if (c == '%') {
                spread(isReached);
            } else {
                var isLiteral = c == ESCAPE && i + 1 < pattern.length();
                if (isLiteral) {
                    i++;
                }
                step(isReached, subject, pattern.charAt(i), !isLiteral && c == '_');
            }
        }
        return isReached[subject.length()];
    }

    private static void spread(boolean[] isReached) {
        for (var j = 1; j < isReached.length; j++) {
            isReached[j] |= isReached[j - 1];
        }
    }

    private static void step(boolean[] isReached, String subject, char c, boolean isAny) {
        for (var j = subject.length(); j > 0; j--) {
            isReached[j] = isReached[j - 1] && (isAny || subject.charAt(j - 1) == c);
        }
        isReached[0] = false;
    }
}
