package io.slipway.manager.graphql;

import graphql.schema.DataFetchingEnvironment;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/** How many sessions one request has asked for: a short text could otherwise ask for more than memory holds. */
final class Nodes {

    static final String CONTEXT_KEY = "nodes";

    /** Ten full pages. */
    private static final int MOST = 1_000;

    private final AtomicInteger count = new AtomicInteger();

    static Nodes of(DataFetchingEnvironment environment) {
        return Objects.requireNonNull(environment.getGraphQlContext().get(CONTEXT_KEY), "no counter in the context");
    }

    /** Counts some more, or refuses them. */
    void count(int more) {
        if (count.addAndGet(more) > MOST) {
            throw new SlipwayException(
                    FailureCode.BAD_REQUEST, "the request asks for more than " + MOST + " sessions; ask in parts");
        }
    }
}
