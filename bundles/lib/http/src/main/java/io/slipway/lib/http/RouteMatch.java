package io.slipway.lib.http;

import java.util.List;
import java.util.Set;

/**
 * What a look into a {@link RouteTable} gave.
 *
 * @param <A> type of access rules
 * @param <T> type of targets
 */
public sealed interface RouteMatch<A, T> {

    /**
     * The route.
     *
     * @param route which
     * @param names names of the path parameters, in order
     * @param values their decoded values, in the same order
     * @param <A> type of access rules
     * @param <T> type of targets
     */
    record Found<A, T>(Route<A, T> route, List<String> names, List<String> values) implements RouteMatch<A, T> {

        /**
         * Returns a path parameter.
         *
         * @throws IllegalArgumentException if the route has none of this name
         */
        public String parameter(String name) {
            var index = names.indexOf(name);
            if (index < 0) {
                throw new IllegalArgumentException(route.path() + " has no parameter " + name);
            }
            return values.get(index);
        }
    }

    /**
     * There is no such path.
     *
     * @param <A> type of access rules
     * @param <T> type of targets
     */
    record NoSuchPath<A, T>() implements RouteMatch<A, T> {}

    /**
     * The path has no such method.
     *
     * @param allowed those that it has
     * @param <A> type of access rules
     * @param <T> type of targets
     */
    record WrongMethod<A, T>(Set<HttpMethod> allowed) implements RouteMatch<A, T> {

        /** Copies. */
        public WrongMethod {
            allowed = Set.copyOf(allowed);
        }
    }
}
