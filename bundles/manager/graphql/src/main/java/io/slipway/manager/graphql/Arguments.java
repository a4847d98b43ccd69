package io.slipway.manager.graphql;

import graphql.schema.DataFetcher;
import graphql.schema.DataFetchingEnvironment;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import java.util.Collection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Arguments that many fields share. */
final class Arguments {

    static final int MAX_LIMIT = 100;

    private Arguments() {}

    /** Returns a fetcher that refuses texts which no database holds. */
    static <T> DataFetcher<T> checked(DataFetcher<T> fetcher) {
        return environment -> {
            environment.getArguments().forEach(Arguments::refuseNul);
            return fetcher.get(environment);
        };
    }

    private static void refuseNul(String name, @Nullable Object value) {
        switch (value) {
            case String text
            when text.indexOf('\0') >= 0 ->
                throw new SlipwayException(FailureCode.BAD_REQUEST, name + " has a NUL character, which no text has");
            case Collection<?> several -> several.forEach(one -> refuseNul(name, one));
            case null, default -> {
                // nothing to look for
            }
        }
    }

    static int limit(DataFetchingEnvironment environment) {
        int limit = Objects.requireNonNull(environment.<Integer>getArgument("limit"));
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new SlipwayException(FailureCode.BAD_REQUEST, "limit " + limit + " is not in 1 to " + MAX_LIMIT);
        }
        return limit;
    }

    static int offset(DataFetchingEnvironment environment) {
        int offset = Objects.requireNonNull(environment.<Integer>getArgument("offset"));
        if (offset < 0) {
            throw new SlipwayException(FailureCode.BAD_REQUEST, "offset " + offset + " is below 0");
        }
        return offset;
    }
}
