package io.slipway.manager.graphql;

import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads orders: {@code order = by , { "," , by } ; by = [ "+" | "-" ] , name ;} where a minus sign puts the largest first.
 * Every mistake is a failure that names its place.
 */
final class OrderParser {

    private static final int MOST_FIELDS = 10;

    private OrderParser() {}

    /**
     * Reads an order.
     *
     * @param text as the client wrote it; null or blank for none
     * @param fields name in lower case to field
     * @param making makes an order of a field and whether the largest comes first
     * @param <F> fields
     * @param <O> orders
     */
    static <F, O> List<O> parse(@Nullable String text, Map<String, F> fields, BiFunction<F, Boolean, O> making) {
        if (text == null || text.isBlank()) {
            return List.of();
        }
        var orders = new ArrayList<O>();
        var position = 1;
        for (var part : text.split(",", -1)) {
            var name = part.strip();
            var isDescending = name.startsWith("-");
            var bare = isDescending || name.startsWith("+") ? name.substring(1).strip() : name;
            var field = fields.get(bare.toLowerCase(Locale.ROOT));
            if (field == null || orders.size() == MOST_FIELDS) {
                var words = field == null
                        ? "'" + bare + "' is none of "
                                + fields.keySet().stream().sorted().toList()
                        : "has more than " + MOST_FIELDS + " fields";
                throw new SlipwayException(
                        FailureCode.BAD_REQUEST,
                        "order: " + words + " (position " + (position + part.indexOf(bare)) + ")",
                        Map.of("argument", "order", "position", position),
                        null);
            }
            orders.add(making.apply(field, isDescending));
            position += part.length() + 1;
        }
        return List.copyOf(orders);
    }
}
