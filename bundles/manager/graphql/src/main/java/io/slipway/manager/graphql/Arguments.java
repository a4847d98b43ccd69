package io.slipway.manager.graphql;

import graphql.schema.DataFetchingEnvironment;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import java.util.Objects;

/** Arguments that many fields share. */
final class Arguments {

    private static final int MAX_LIMIT = 100;

    private Arguments() {}

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
