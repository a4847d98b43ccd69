package io.slipway.manager.graphql;

import graphql.schema.DataFetchingEnvironment;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.identity.Principal;
import java.util.Objects;

/** Who asks, and what that one may see. */
final class Caller {

    static final String CONTEXT_KEY = "caller";

    private Caller() {}

    static Principal of(DataFetchingEnvironment environment) {
        return Objects.requireNonNull(environment.getGraphQlContext().get(CONTEXT_KEY), "no caller in the context");
    }

    static void mustBeSuperadmin(DataFetchingEnvironment environment) {
        if (!of(environment).isSuperadmin()) {
            throw new SlipwayException(
                    FailureCode.FORBIDDEN,
                    "only superadmins may ask for " + environment.getField().getName());
        }
    }
}
