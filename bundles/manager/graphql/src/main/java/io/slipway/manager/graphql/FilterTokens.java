package io.slipway.manager.graphql;

import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The words of a filter, each with its place. */
final class FilterTokens {

    private static final int LONGEST = 10_000;
    private static final Set<String> LONG_SIGNS = Set.of("==", "!=", ">=", "<=");
    private static final String SHORT_SIGNS = "()[],&|!<>";

    /** Kinds of words. */
    enum Kind {
        NAME,
        TEXT,
        NUMBER,
        SIGN,
        END
    }

    /**
     * A word.
     *
     * @param kind what it is
     * @param text what it says; of a TEXT without quotes
     * @param position of its first character, from 1
     */
    record Token(Kind kind, String text, int position) {

        boolean isSign(String sign) {
            return kind == Kind.SIGN && text.equals(sign);
        }

        /** Returns it as people see it. */
        String shown() {
            return switch (kind) {
                case END -> "the end";
                case TEXT -> "the text \"" + text + "\"";
                case NAME, NUMBER, SIGN -> "'" + text + "'";
            };
        }
    }

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private FilterTokens(String text) {
        this.text = text;
    }

    static List<Token> of(String text) {
        if (text.length() > LONGEST) {
            throw failure(1, "is longer than " + LONGEST + " characters");
        }
        var all = new FilterTokens(text);
        all.read();
        return List.copyOf(all.tokens);
    }

    /** Returns the failure to throw; it names the place. */
    static SlipwayException failure(int position, String words) {
        return new SlipwayException(
                FailureCode.BAD_REQUEST,
                "filter " + words + " (position " + position + ")",
                Map.of("argument", "filter", "position", position),
                null);
    }

    private void read() {
        while (at < text.length()) {
            var c = text.charAt(at);
            if (Character.isWhitespace(c)) {
                at++;
            } else if (c == '"') {
                quoted();
            } else if (isDigit(c) || c == '-' || c == '+' || c == '.') {
                run(Kind.NUMBER, "+-.");
            } else if (isWordly(c)) {
                run(Kind.NAME, "_");
            } else {
                sign(c);
            }
        }
        tokens.add(new Token(Kind.END, "", text.length() + 1));
    }

    private void run(Kind kind, String further) {
        var from = at;
        while (at < text.length() && (isWordly(text.charAt(at)) || further.indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        if (at == from) {
            throw meaningless();
        }
        tokens.add(new Token(kind, text.substring(from, at), from + 1));
    }

    private SlipwayException meaningless() {
        return failure(at + 1, "has '" + text.charAt(at) + "', which means nothing here");
    }

    /** Digits of other scripts are no part of the grammar: no number and no name has them. */
    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isWordly(char c) {
        return c == '_' || (c < 128 && Character.isLetterOrDigit(c));
    }

    private void sign(char c) {
        var two = text.substring(at, Math.min(at + 2, text.length()));
        var sign = LONG_SIGNS.contains(two) ? two : String.valueOf(c);
        if (sign.length() == 1 && SHORT_SIGNS.indexOf(c) < 0) {
            throw meaningless();
        }
        tokens.add(new Token(Kind.SIGN, sign, at + 1));
        at += sign.length();
    }

    private void quoted() {
        var from = at++;
        var out = new StringBuilder();
        while (at < text.length() && text.charAt(at) != '"') {
            out.append(text.charAt(at) == '\\' ? escaped() : text.charAt(at));
            at++;
        }
        if (at >= text.length()) {
            throw failure(from + 1, "has a text without closing quote");
        }
        at++;
        tokens.add(new Token(Kind.TEXT, out.toString(), from + 1));
    }

    /** Reads what follows a backslash, as in JSON; before any other character the backslash stays, for patterns. */
    private String escaped() {
        at++;
        if (at >= text.length()) {
            throw failure(at, "has a text without closing quote");
        }
        var c = text.charAt(at);
        return switch (c) {
            case '"', '\\', '/' -> String.valueOf(c);
            case 'n' -> "\n";
            case 'r' -> "\r";
            case 't' -> "\t";
            case 'u' -> unicode();
            default -> "\\" + c;
        };
    }

    private String unicode() {
        var digits = text.substring(at + 1, Math.min(at + 5, text.length()));
        if (!digits.matches("[0-9a-fA-F]{4}")) {
            throw failure(at, "has \\u without four hexadecimal digits");
        }
        at += 4;
        return String.valueOf((char) Integer.parseInt(digits, 16));
    }
}
