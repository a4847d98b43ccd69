package io.slipway.lib.http;

import java.util.Arrays;
import java.util.List;

/**
 * One declared route.
 *
 * @param method for which method
 * @param path template: literal segments and parameters in braces, such as {@code /session/{session}/logs}
 * @param access who may call it, in the words of the server that declares it
 * @param target what answers it
 * @param <A> type of access rules
 * @param <T> type of targets
 */
public record Route<A, T>(HttpMethod method, String path, A access, T target) {

    /**
     * Checks the template.
     *
     * @throws IllegalArgumentException if it does not start with a slash, or ends with one, or has a bad parameter
     */
    public Route {
        if (!path.startsWith("/") || (path.length() > 1 && path.endsWith("/"))) {
            throw new IllegalArgumentException("'" + path + "' must start with a slash and not end with one");
        }
        for (var segment : segments(path)) {
            var isParameter = isParameter(segment);
            if (segment.isEmpty() || (!isParameter && (segment.indexOf('{') >= 0 || segment.indexOf('}') >= 0))) {
                throw new IllegalArgumentException("'" + path + "' has a bad segment '" + segment + "'");
            }
        }
    }

    /** Returns the names of the parameters, in order. */
    public List<String> parameterNames() {
        return segments(path).stream()
                .filter(Route::isParameter)
                .map(Route::parameterName)
                .toList();
    }

    static List<String> segments(String path) {
        return path.length() == 1 ? List.of() : Arrays.asList(path.substring(1).split("/", -1));
    }

    static boolean isParameter(String segment) {
        return segment.length() > 2 && segment.startsWith("{") && segment.endsWith("}");
    }

    private static String parameterName(String segment) {
        return segment.substring(1, segment.length() - 1);
    }
}
