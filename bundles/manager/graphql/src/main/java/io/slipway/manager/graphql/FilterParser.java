package io.slipway.manager.graphql;

import io.slipway.manager.graphql.FilterTokens.Kind;
import io.slipway.manager.graphql.FilterTokens.Token;
import io.slipway.manager.store.Condition;
import io.slipway.manager.store.Condition.Comparison;
import io.slipway.manager.store.QueryField;
import io.slipway.model.failure.SlipwayException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads filters. The grammar; {@code &} binds closer than {@code |}, names and words are read without regard to case:
 *
 * <pre>
 * filter = both , { "|" , both } ;
 * both   = one , { "&amp;" , one } ;
 * one    = "!" , one | "(" , filter , ")" | test ;
 * test   = name , ( ( "==" | "!=" | ">" | ">=" | "&lt;" | "&lt;=" | "contains" | "like" | "ilike" ) , value
 *                 | "in" , "[" , [ value , { "," , value } ] , "]"
 *                 | ( "is" | "isnot" ) , ( "null" | "true" | "false" ) ) ;
 * value  = text | number | "true" | "false" | "null" ;      text in double quotes, escapes as in JSON
 * </pre>
 *
 * <p>A test of a field that is null is false, but {@code != value} and {@code isnot} are what {@code !} makes of the
 * opposite. Every mistake is a failure that names its place.
 */
final class FilterParser<F extends QueryField> {

    private static final int DEEPEST = 50;
    private static final int MOST_TESTS = 200;
    private static final int MOST_VALUES = 1_000;
    private static final Map<String, Comparison> COMPARISONS = Map.of(
            "==", Comparison.EQUAL,
            ">", Comparison.GREATER,
            ">=", Comparison.AT_LEAST,
            "<", Comparison.LESS,
            "<=", Comparison.AT_MOST,
            "contains", Comparison.CONTAINS,
            "like", Comparison.LIKE,
            "ilike", Comparison.ILIKE);

    private final Map<String, F> fields;
    private final List<Token> tokens;
    private int at;
    private int tests;

    private FilterParser(Map<String, F> fields, List<Token> tokens) {
        this.fields = fields;
        this.tokens = tokens;
    }

    /**
     * Reads a filter.
     *
     * @param text as the client wrote it; null or blank for none
     * @param fields name in lower case to field
     * @throws SlipwayException BAD_REQUEST with the position of the mistake
     */
    static <F extends QueryField> Optional<Condition<F>> parse(@Nullable String text, Map<String, F> fields) {
        if (text == null || text.isBlank()) {
            return Optional.empty();
        }
        var parser = new FilterParser<>(fields, FilterTokens.of(text));
        var condition = parser.filter(0);
        if (parser.peek().kind() != Kind.END) {
            throw parser.expected("& or | or the end");
        }
        return Optional.of(condition);
    }

    private Condition<F> filter(int depth) {
        if (depth > DEEPEST) {
            throw FilterTokens.failure(peek().position(), "is nested deeper than " + DEEPEST);
        }
        var parts = new ArrayList<Condition<F>>();
        parts.add(both(depth));
        while (take("|")) {
            parts.add(both(depth));
        }
        return parts.size() == 1 ? parts.getFirst() : new Condition.Any<>(parts);
    }

    private Condition<F> both(int depth) {
        var parts = new ArrayList<Condition<F>>();
        parts.add(one(depth));
        while (take("&")) {
            parts.add(one(depth));
        }
        return parts.size() == 1 ? parts.getFirst() : new Condition.All<>(parts);
    }

    private Condition<F> one(int depth) {
        if (take("!")) {
            if (depth >= DEEPEST) {
                throw FilterTokens.failure(peek().position(), "is nested deeper than " + DEEPEST);
            }
            return new Condition.Not<>(one(depth + 1));
        }
        if (take("(")) {
            var inner = filter(depth + 1);
            if (!take(")")) {
                throw expected("& or | or )");
            }
            return inner;
        }
        return test();
    }

    private Condition<F> test() {
        if (++tests > MOST_TESTS) {
            throw FilterTokens.failure(peek().position(), "has more than " + MOST_TESTS + " tests");
        }
        var name = next();
        if (name.kind() != Kind.NAME) {
            at--;
            throw expected("a field, ( or !");
        }
        var field = fields.get(name.text().toLowerCase(Locale.ROOT));
        if (field == null) {
            throw FilterTokens.failure(
                    name.position(),
                    "names the field '" + name.text() + "', which is none of "
                            + fields.keySet().stream().sorted().toList());
        }
        var operator = next();
        return switch (operator.text().toLowerCase(Locale.ROOT)) {
            case "in" -> new Condition.In<>(field, values(field));
            case "is" -> is(field);
            case "isnot" -> new Condition.Not<>(is(field));
            case "!=" -> new Condition.Not<>(compared(field, operator, Comparison.EQUAL));
            default -> compared(field, operator, comparison(operator));
        };
    }

    private Comparison comparison(Token operator) {
        var comparison = COMPARISONS.get(operator.text().toLowerCase(Locale.ROOT));
        if (comparison == null || (operator.kind() != Kind.SIGN && operator.kind() != Kind.NAME)) {
            at--;
            throw expected("one of ==, !=, >, >=, <, <=, contains, in, is, isnot, like, ilike");
        }
        return comparison;
    }

    private Condition<F> compared(F field, Token operator, Comparison comparison) {
        if (!FilterValues.canBe(field, comparison)) {
            throw FilterTokens.failure(
                    operator.position(),
                    "compares " + field.toString().toLowerCase(Locale.ROOT) + " by '" + operator.text()
                            + "', which does not go with it");
        }
        var value = next();
        if (comparison == Comparison.EQUAL && isWord(value, "null")) {
            return new Condition.IsNull<>(field);
        }
        return new Condition.Test<>(field, comparison, value(field, value));
    }

    private Condition<F> is(F field) {
        var value = next();
        if (isWord(value, "null")) {
            return new Condition.IsNull<>(field);
        }
        if (field.kind() == QueryField.Kind.FLAG && (isWord(value, "true") || isWord(value, "false"))) {
            return new Condition.Test<>(field, Comparison.EQUAL, value(field, value));
        }
        at--;
        throw expected(field.kind() == QueryField.Kind.FLAG ? "null, true or false" : "null");
    }

    private List<Object> values(F field) {
        if (!take("[")) {
            throw expected("[");
        }
        var values = new ArrayList<>();
        if (take("]")) {
            return values;
        }
        do {
            if (values.size() == MOST_VALUES) {
                throw FilterTokens.failure(peek().position(), "has a list of more than " + MOST_VALUES + " values");
            }
            values.add(value(field, next()));
        } while (take(","));
        if (!take("]")) {
            throw expected(", or ]");
        }
        return values;
    }

    private Object value(F field, Token token) {
        if (token.kind() == Kind.END || token.kind() == Kind.SIGN) {
            at--;
            throw expected("a value");
        }
        return FilterValues.of(field, token);
    }

    private static boolean isWord(Token token, String word) {
        return token.kind() == Kind.NAME && token.text().equalsIgnoreCase(word);
    }

    /** Returns the next word; the end again and again. */
    private Token peek() {
        return tokens.get(Math.min(at, tokens.size() - 1));
    }

    private Token next() {
        var token = peek();
        at++;
        return token;
    }

    private boolean take(String sign) {
        var isThere = peek().isSign(sign);
        if (isThere) {
            at++;
        }
        return isThere;
    }

    private SlipwayException expected(String what) {
        var found = peek();
        return FilterTokens.failure(found.position(), "has " + found.shown() + " where " + what + " is expected");
    }
}
