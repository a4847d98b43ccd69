package io.slipway.manager.graphql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slipway.manager.store.SessionQuery;
import io.slipway.manager.store.SessionQuery.Field;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OrderParserTest {

    private static final List<Field> FIELDS =
            Arrays.stream(Field.values()).filter(Field::isOrdering).toList();
    private static final String LETTERS = "name,created_at+- \t;\"'%_agent_id\u0001ä";

    private final SplittableRandom random = new SplittableRandom(20_240_915);

    @Test
    void readsEveryOrderThatCanBeWritten() {
        for (var round = 0; round < 2_000; round++) {
            var orders = random.ints(random.nextInt(11), 0, FIELDS.size())
                    .mapToObj(field -> new SessionQuery.Order(FIELDS.get(field), random.nextBoolean()))
                    .toList();
            var text = orders.stream().map(this::written).collect(Collectors.joining(","));
            assertEquals(orders, SessionQueries.order(text), text);
        }
    }

    private String written(SessionQuery.Order order) {
        var name = order.field().name();
        var sign = order.isDescending() ? "-" : List.of("", "+").get(random.nextInt(2));
        return " ".repeat(random.nextInt(2))
                + sign
                + (random.nextBoolean() ? name : name.toLowerCase(Locale.ROOT))
                + " ".repeat(random.nextInt(2));
    }

    @Test
    void refusesMoreFieldsThanItsLimit() {
        var eleven = String.join(",", Collections.nCopies(11, "name"));
        assertEquals(
                FailureCode.BAD_REQUEST,
                assertThrows(SlipwayException.class, () -> SessionQueries.order(eleven))
                        .code());
    }

    /** Whatever is sent is an order or a refusal that says so, never a fault of the server. */
    @Test
    void answersNoiseInWords() {
        for (var round = 0; round < 5_000; round++) {
            var noise = IntStream.range(0, random.nextInt(40))
                    .mapToObj(i -> String.valueOf(LETTERS.charAt(random.nextInt(LETTERS.length()))))
                    .collect(Collectors.joining());
            try {
                SessionQueries.order(noise);
            } catch (SlipwayException e) {
                assertEquals(FailureCode.BAD_REQUEST, e.code(), noise);
            }
        }
    }
}
