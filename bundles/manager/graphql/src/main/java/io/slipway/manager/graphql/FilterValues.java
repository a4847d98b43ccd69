package io.slipway.manager.graphql;

import io.slipway.manager.graphql.FilterTokens.Kind;
import io.slipway.manager.graphql.FilterTokens.Token;
import io.slipway.manager.store.Condition.Comparison;
import io.slipway.manager.store.QueryField;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.UUID;

/** Values of filters as values of the kind of a field. */
final class FilterValues {

    /** What every database can hold as a moment. */
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private FilterValues() {}

    /** Returns whether values of a field can be compared so. */
    static boolean canBe(QueryField field, Comparison comparison) {
        return switch (comparison) {
            case EQUAL -> true;
            case GREATER, AT_LEAST, LESS, AT_MOST ->
                switch (field.kind()) {
                    case TEXT, WHOLE, TIME -> true;
                    case ID, FLAG, CHOICE -> false;
                };
            case CONTAINS, LIKE, ILIKE -> field.kind() == QueryField.Kind.TEXT;
        };
    }

    static Object of(QueryField field, Token token) {
        return switch (field.kind()) {
            case TEXT -> text(field, token, "a text in double quotes");
            case WHOLE -> whole(field, token);
            case TIME -> time(field, token);
            case ID -> id(field, token);
            case FLAG -> flag(field, token);
            case CHOICE -> choice(field, token);
        };
    }

    private static String text(QueryField field, Token token, String what) {
        if (token.kind() != Kind.TEXT) {
            throw wrong(field, token, what);
        }
        if (token.text().indexOf('\0') >= 0) {
            throw FilterTokens.failure(token.position(), "has a NUL character, which no text has");
        }
        return token.text();
    }

    private static Long whole(QueryField field, Token token) {
        try {
            if (token.kind() == Kind.NUMBER) {
                return Long.valueOf(token.text());
            }
        } catch (NumberFormatException e) {
            throw wrong(field, token, "a whole number");
        }
        throw wrong(field, token, "a whole number");
    }

    private static Instant time(QueryField field, Token token) {
        var what = "a time such as \"2026-01-31T12:00:00+00:00\"";
        var text = text(field, token, what).strip().replace(' ', 'T');
        try {
            var time = text.length() <= 10
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : text.matches(".*([zZ]|[+-]\\d\\d(:?\\d\\d)?)$") && text.indexOf('T') < text.length() - 6
                            ? OffsetDateTime.parse(text).toInstant()
                            : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
            if (!time.isBefore(EARLIEST) && !time.isAfter(LATEST)) {
                return time;
            }
        } catch (DateTimeException e) {
            throw wrong(field, token, what);
        }
        throw wrong(field, token, "a time within the years 1 to 9999");
    }

    private static UUID id(QueryField field, Token token) {
        var text = text(field, token, "a UUID in double quotes");
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw wrong(field, token, "a UUID in double quotes");
        }
    }

    private static Boolean flag(QueryField field, Token token) {
        var word = token.text().toLowerCase(Locale.ROOT);
        if (token.kind() == Kind.NAME && (word.equals("true") || word.equals("false"))) {
            return word.equals("true");
        }
        throw wrong(field, token, "true or false");
    }

    private static String choice(QueryField field, Token token) {
        // clients know some by name and some by value: SINGLE_NODE, single-node
        var name = text(field, token, "one of " + field.choices() + " in double quotes")
                .toUpperCase(Locale.ROOT)
                .replace('-', '_');
        if (!field.choices().contains(name)) {
            throw wrong(
                    field, token, "one of " + field.choices().stream().sorted().toList());
        }
        return name;
    }

    private static RuntimeException wrong(QueryField field, Token token, String what) {
        return FilterTokens.failure(
                token.position(),
                "compares " + field.toString().toLowerCase(Locale.ROOT) + " to " + token.shown() + ", not to " + what);
    }
}
