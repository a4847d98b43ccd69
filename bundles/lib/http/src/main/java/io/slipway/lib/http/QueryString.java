package io.slipway.lib.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The parameters of a query. */
public final class QueryString {

    private QueryString() {}

    /**
     * Reads a query.
     *
     * @param raw what follows the {@code ?}, encoded
     * @return name to its values, both decoded, in order; empty if an encoding is malformed
     */
    public static Optional<Map<String, List<String>>> parse(String raw) {
        var parameters = new LinkedHashMap<String, List<String>>();
        var from = 0;
        while (from < raw.length()) {
            var ampersand = raw.indexOf('&', from);
            var to = ampersand < 0 ? raw.length() : ampersand;
            if (to > from) {
                var equals = raw.indexOf('=', from);
                var nameEnd = equals < 0 || equals > to ? to : equals;
                var name = PercentEncoding.decode(raw.substring(from, nameEnd), true);
                var value = PercentEncoding.decode(raw.substring(Math.min(nameEnd + 1, to), to), true);
                if (name.isEmpty() || value.isEmpty()) {
                    return Optional.empty();
                }
                parameters
                        .computeIfAbsent(name.get(), key -> new ArrayList<>(1))
                        .add(value.get());
            }
            from = to + 1;
        }
        return Optional.of(parameters);
    }
}
