package io.slipway.manager.api;

import io.slipway.model.identity.Principal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** Answers GraphQL requests. Thread-safe; calls block. */
@ProviderType
public interface GraphQlExecutor {

    /**
     * Executes one request. Never throws for what the request did wrong: that is in the answer's {@code errors}.
     *
     * @param caller who asks
     * @param query the document
     * @param variables its variables
     * @param operationName which operation of the document, or null if it has one
     * @return the standard answer: {@code data} and, only if there are any, {@code errors}
     */
    Map<String, Object> execute(
            Principal caller, String query, Map<String, Object> variables, @Nullable String operationName);
}
