package io.slipway.lib.http;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The routes of a server as a tree of path segments. Immutable, thread-safe. A literal segment goes before a parameter;
 * a parameter takes exactly one segment that is neither empty nor {@code .} nor {@code ..}; nothing is redirected.
 *
 * @param <A> type of access rules
 * @param <T> type of targets
 */
public final class RouteTable<A, T> {

    private final List<Route<A, T>> routes;
    private final Node<A, T> root = new Node<>();

    /**
     * Builds the table.
     *
     * @throws IllegalArgumentException if two routes have the same method and path
     */
    public RouteTable(List<Route<A, T>> routes) {
        this.routes = List.copyOf(routes);
        for (var route : this.routes) {
            var node = root;
            for (var segment : Route.segments(route.path())) {
                node = node.child(segment);
            }
            if (node.entries.put(route.method(), new Entry<>(route, route.parameterNames())) != null) {
                throw new IllegalArgumentException("two routes for " + route.method() + " " + route.path());
            }
        }
    }

    /** Returns all routes as declared. */
    public List<Route<A, T>> routes() {
        return routes;
    }

    /**
     * Looks a request up.
     *
     * @param method as on the request line
     * @param path as on the request line, encoded, without query
     */
    public RouteMatch<A, T> find(String method, String path) {
        var allowed = EnumSet.noneOf(HttpMethod.class);
        if (!path.startsWith("/")) {
            return new RouteMatch.NoSuchPath<>();
        }
        var search = new Search<A, T>(path, HttpMethod.of(method), allowed, new ArrayList<>(2));
        var entry = path.length() == 1 ? search.at(root) : search.below(root, 1);
        if (entry != null) {
            return new RouteMatch.Found<>(entry.route, entry.names, search.values);
        }
        return allowed.isEmpty() ? new RouteMatch.NoSuchPath<>() : new RouteMatch.WrongMethod<>(allowed);
    }

    private record Entry<A, T>(Route<A, T> route, List<String> names) {}

    private static final class Node<A, T> {

        private final Map<String, Node<A, T>> literals = new HashMap<>();
        private final Map<HttpMethod, Entry<A, T>> entries = new EnumMap<>(HttpMethod.class);
        private @Nullable Node<A, T> parameter;

        Node<A, T> child(String segment) {
            if (!Route.isParameter(segment)) {
                return literals.computeIfAbsent(segment, key -> new Node<>());
            }
            var known = parameter;
            if (known == null) {
                known = new Node<>();
                parameter = known;
            }
            return known;
        }
    }

    /** One walk down the tree, with steps back where a literal led nowhere. */
    private record Search<A, T>(
            String path, Optional<HttpMethod> method, Set<HttpMethod> allowed, List<String> values) {

        @Nullable
        Entry<A, T> below(Node<A, T> node, int from) {
            var slash = path.indexOf('/', from);
            var to = slash < 0 ? path.length() : slash;
            var segment = path.substring(from, to);
            var literal = node.literals.get(segment);
            if (literal != null) {
                var entry = slash < 0 ? at(literal) : below(literal, to + 1);
                if (entry != null) {
                    return entry;
                }
            }
            return node.parameter == null ? null : byParameter(node.parameter, segment, slash);
        }

        private @Nullable Entry<A, T> byParameter(Node<A, T> node, String segment, int slash) {
            var value = PercentEncoding.decode(segment, false);
            if (value.isEmpty() || value.get().isEmpty() || isDots(value.get())) {
                return null;
            }
            values.add(value.get());
            var entry = slash < 0 ? at(node) : below(node, slash + 1);
            if (entry == null) {
                values.removeLast();
            }
            return entry;
        }

        @Nullable
        Entry<A, T> at(Node<A, T> node) {
            var entry = method.map(node.entries::get).orElse(null);
            if (entry == null && method.isPresent() && method.get() == HttpMethod.HEAD) {
                entry = node.entries.get(HttpMethod.GET);
            }
            if (entry == null) {
                allowed.addAll(node.entries.keySet());
            }
            return entry;
        }

        private static boolean isDots(String value) {
            return value.equals(".") || value.equals("..");
        }
    }
}
