package io.slipway.manager.graphql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.manager.store.Condition;
import io.slipway.manager.store.Condition.Comparison;
import io.slipway.manager.store.QueryField;
import io.slipway.manager.store.SessionQuery;
import io.slipway.manager.store.SessionQuery.Field;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterParserTest {

    private static final List<Field> FIELDS = List.of(Field.values());
    private static final String UNUSUAL = "aB \"\\\n\t%_!'äß()&|,[]==;--\u0001";

    private static Condition<Field> parse(String text) {
        return FilterParser.parse(text, SessionFields.ALL).orElseThrow();
    }

    private static Condition<Field> test(Field field, Comparison comparison, Object value) {
        return new Condition.Test<>(field, comparison, value);
    }

    @Test
    void readsWhatClientsSend() {
        assertEquals(
                new Condition.All<>(List.of(
                        test(Field.STATUS, Comparison.EQUAL, "RUNNING"), test(Field.NAME, Comparison.ILIKE, "%my%"))),
                parse("(status == \"RUNNING\") & (name ilike \"%my%\")"));
        assertEquals(
                new Condition.In<>(Field.STATUS, List.of("PENDING", "RUNNING")),
                parse("STATUS IN [\"pending\", \"Running\"]"));
        assertEquals(new Condition.In<Field>(Field.NAME, List.of()), parse("name in []"));
        assertEquals(
                test(Field.CREATED_AT, Comparison.AT_LEAST, Instant.parse("2026-01-02T03:04:05.5Z")),
                parse("created_at>=\"2026-01-02T04:04:05.500000+01:00\""));
        assertEquals(
                test(Field.CREATED_AT, Comparison.LESS, Instant.parse("2026-01-02T00:00:00Z")),
                parse("created_at < \"2026-01-02\""));
        assertEquals(
                test(Field.CREATED_AT, Comparison.LESS, Instant.parse("2026-01-02T03:04:00Z")),
                parse("created_at < \"2026-01-02 03:04\""));
        assertEquals(
                test(Field.ID, Comparison.EQUAL, new UUID(0, 1)),
                parse("session_id == \"00000000-0000-0000-0000-000000000001\""));
        assertEquals(test(Field.PRIORITY, Comparison.GREATER, -3L), parse("priority > -3"));
        assertEquals(
                test(Field.CLUSTER_MODE, Comparison.EQUAL, "SINGLE_NODE"), parse("cluster_mode == \"single-node\""));
        assertEquals(new Condition.In<>(Field.TYPE, List.of("BATCH")), parse("type in [\"batch\"]"));
        assertEquals(Optional.empty(), FilterParser.parse("  ", SessionFields.ALL));
        assertEquals(Optional.empty(), FilterParser.parse(null, SessionFields.ALL));
    }

    @Test
    void readsNullsAndNegations() {
        var isNull = new Condition.IsNull<>(Field.TERMINATED_AT);
        assertEquals(isNull, parse("terminated_at is null"));
        assertEquals(isNull, parse("terminated_at == null"));
        assertEquals(new Condition.Not<>(isNull), parse("terminated_at isnot null"));
        assertEquals(new Condition.Not<>(isNull), parse("terminated_at != null"));
        var equal = test(Field.NAME, Comparison.EQUAL, "x");
        assertEquals(new Condition.Not<>(equal), parse("name != \"x\""));
        assertEquals(new Condition.Not<>(equal), parse("!name == \"x\""));
        assertEquals(new Condition.Not<>(new Condition.Not<>(equal)), parse("!!(name == \"x\")"));
    }

    @Test
    void bindsAndCloserThanOr() {
        var a = test(Field.PRIORITY, Comparison.EQUAL, 1L);
        var b = test(Field.PRIORITY, Comparison.EQUAL, 2L);
        var c = test(Field.PRIORITY, Comparison.EQUAL, 3L);
        var expected = new Condition.Any<>(List.of(a, new Condition.All<>(List.of(b, c))));
        assertEquals(expected, parse("priority == 1 | priority == 2 & priority == 3"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "name = \"x\"; 6",
                "name ==; 8",
                "name == \"x; 9",
                "nam == \"x\"; 1",
                "name == \"x\" &; 14",
                "(name == \"x\"; 13",
                "name == \"x\"); 12",
                "name == \"x\" name == \"y\"; 13",
                "priority == \"x\"; 13",
                "priority == 1.5; 13",
                "priority == 99999999999999999999; 13",
                "priority like \"x\"; 10",
                "status > \"RUNNING\"; 8",
                "status == \"GONE\"; 11",
                "id == \"7\"; 7",
                "id > \"7\"; 4",
                "created_at == \"soon\"; 15",
                "created_at == \"99999-01-01\"; 15",
                "name in \"x\"; 9",
                "name in [\"x\"; 13",
                "name in [\"x\",]; 14",
                "name in [1]; 10",
                "name is \"x\"; 9",
                "name is true; 9",
                "name == x; 9",
                "== \"x\"; 1",
                "name; 5",
                "name == \"\\u00g0\"; 10",
                "name == \"\\u0000\"; 9",
                "name # \"x\"; 6",
                "name == 'x'; 9",
                "３; 1",
                "priority == ٣; 13",
                "priority == 1３; 14",
                "nam３ == \"x\"; 4",
                "é == \"x\"; 1"
            })
    void namesThePlaceOfAMistake(String text, int position) {
        var failure = assertThrows(SlipwayException.class, () -> parse(text));
        assertEquals(FailureCode.BAD_REQUEST, failure.code());
        assertEquals(position, failure.data().get("position"), failure.getMessage());
        assertTrue(failure.getMessage().contains("(position " + position + ")"), failure.getMessage());
    }

    @Test
    void limitsWhatOneFilterMayAskFor() {
        for (var text : List.of(
                "(".repeat(10_000),
                "!".repeat(9_000) + "name == \"x\"",
                "name == \"" + "x".repeat(10_000) + "\"",
                "name==\"\"|".repeat(300) + "name==\"\"",
                "priority in [" + "1,".repeat(1_000) + "1]")) {
            assertEquals(
                    FailureCode.BAD_REQUEST,
                    assertThrows(SlipwayException.class, () -> parse(text)).code());
        }
    }

    @Test
    void readsBackEveryConditionThatIsWritten() {
        for (var seed = 0; seed < 3_000; seed++) {
            var condition = random(new SplittableRandom(seed), 4);
            assertEquals(condition, parse(written(condition)), "seed " + seed + ": " + written(condition));
        }
    }

    @Test
    @Timeout(60) // text that cannot be read must not be read for ever
    void answersNoiseWithWords() {
        var alphabet = "name status == \"x\" ( ) ! & | [ ] , in is null like 1 - \\u00e9٣３²½Ⅷéß名\uD83D\uDE00\0\u2028";
        for (var seed = 0; seed < 5_000; seed++) {
            var random = new SplittableRandom(seed);
            var text = new StringBuilder();
            for (var i = random.nextInt(30); i >= 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                FilterParser.parse(text.toString(), SessionFields.ALL);
            } catch (SlipwayException e) {
                var position = (int) e.data().get("position");
                assertTrue(position >= 1 && position <= text.length() + 1, text + ": " + e.getMessage());
            }
        }
    }

    private static Condition<Field> random(SplittableRandom random, int depth) {
        return switch (random.nextInt(depth > 0 ? 6 : 3)) {
            case 0 -> randomTest(random);
            case 1 -> new Condition.IsNull<>(randomField(random));
            case 2 -> randomIn(random);
            case 3 -> new Condition.Not<>(random(random, depth - 1));
            case 4 -> new Condition.All<>(List.of(random(random, depth - 1), random(random, depth - 1)));
            default ->
                new Condition.Any<>(
                        List.of(random(random, depth - 1), random(random, depth - 1), random(random, depth - 1)));
        };
    }

    private static Field randomField(SplittableRandom random) {
        return FIELDS.get(random.nextInt(FIELDS.size()));
    }

    private static Condition<Field> randomTest(SplittableRandom random) {
        var field = randomField(random);
        var possible = new ArrayList<Comparison>();
        for (var comparison : Comparison.values()) {
            if (FilterValues.canBe(field, comparison)) {
                possible.add(comparison);
            }
        }
        return new Condition.Test<>(field, possible.get(random.nextInt(possible.size())), value(field, random));
    }

    private static Condition<Field> randomIn(SplittableRandom random) {
        var field = randomField(random);
        var values = new ArrayList<>();
        for (var i = random.nextInt(4); i > 0; i--) {
            values.add(value(field, random));
        }
        return new Condition.In<>(field, values);
    }

    private static Object value(Field field, SplittableRandom random) {
        return switch (field.kind()) {
            case TEXT -> UNUSUAL.substring(random.nextInt(UNUSUAL.length()));
            case WHOLE -> random.nextLong();
            case TIME -> Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
            case ID -> new UUID(random.nextLong(), random.nextLong());
            case FLAG -> random.nextBoolean();
            case CHOICE ->
                field.choices().stream()
                        .sorted()
                        .toList()
                        .get(random.nextInt(field.choices().size()));
        };
    }

    private static final Map<Comparison, String> SIGNS = Map.of(
            Comparison.EQUAL, "==",
            Comparison.GREATER, ">",
            Comparison.AT_LEAST, ">=",
            Comparison.LESS, "<",
            Comparison.AT_MOST, "<=",
            Comparison.CONTAINS, " contains ",
            Comparison.LIKE, " like ",
            Comparison.ILIKE, " ilike ");

    private static String written(Condition<Field> condition) {
        return switch (condition) {
            case Condition.All<Field> all -> joined(all.parts(), " & ");
            case Condition.Any<Field> any -> joined(any.parts(), " | ");
            case Condition.Not<Field> not -> "!(" + written(not.part()) + ")";
            case Condition.IsNull<Field> isNull -> isNull.field().name() + " is null";
            case Condition.In<Field> in ->
                in.field().name()
                        + in.values().stream()
                                .map(value -> written(in.field(), value))
                                .collect(Collectors.joining(", ", " in [", "]"));
            case Condition.Test<Field> test ->
                test.field().name() + SIGNS.get(test.comparison()) + written(test.field(), test.value());
        };
    }

    private static String joined(List<Condition<Field>> parts, String sign) {
        return parts.stream().map(part -> "(" + written(part) + ")").collect(Collectors.joining(sign));
    }

    private static String written(QueryField field, Object value) {
        if (field.kind() == QueryField.Kind.WHOLE) {
            return value.toString();
        }
        var out = new StringBuilder("\"");
        for (var c : value.toString().toCharArray()) {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\u0001' -> out.append("\\u0001");
                default -> out.append(c);
            }
        }
        return out.append('"').toString();
    }

    @Test
    void readsOrders() {
        assertEquals(
                List.of(
                        new SessionQuery.Order(Field.CREATED_AT, true),
                        new SessionQuery.Order(Field.NAME, false),
                        new SessionQuery.Order(Field.STATUS, false)),
                SessionQueries.order("-created_at, +name,STATUS"));
        assertEquals(List.of(), SessionQueries.order(" "));
        for (var bad : List.of("name,", "-", "agent_id", "name desc", "name;drop")) {
            assertEquals(
                    FailureCode.BAD_REQUEST,
                    assertThrows(SlipwayException.class, () -> SessionQueries.order(bad))
                            .code());
        }
        var failure = assertThrows(SlipwayException.class, () -> SessionQueries.order("name,-nothing"));
        assertTrue(failure.getMessage().contains("(position 7)"), failure.getMessage());
    }
}
