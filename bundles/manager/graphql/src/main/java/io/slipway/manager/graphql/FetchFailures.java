package io.slipway.manager.graphql;

import graphql.GraphqlErrorBuilder;
import graphql.execution.DataFetcherExceptionHandler;
import graphql.execution.DataFetcherExceptionHandlerParameters;
import graphql.execution.DataFetcherExceptionHandlerResult;
import io.slipway.model.failure.FailureKind;
import io.slipway.model.failure.SlipwayException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns failures of fields into errors of the answer; what is not meant for callers stays in the log. */
final class FetchFailures implements DataFetcherExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(FetchFailures.class);

    @Override
    public CompletableFuture<DataFetcherExceptionHandlerResult> handleException(
            DataFetcherExceptionHandlerParameters parameters) {
        // what is loaded for many at once fails in a future
        var failure = parameters.getException() instanceof CompletionException loading && loading.getCause() != null
                ? loading.getCause()
                : parameters.getException();
        var error = GraphqlErrorBuilder.newError().path(parameters.getPath()).location(parameters.getSourceLocation());
        if (failure instanceof SlipwayException told && told.code().kind() != FailureKind.INTERNAL) {
            error.message("%s", message(told))
                    .extensions(Map.of("code", told.code().name()));
        } else {
            LOG.error("Field {} failed", parameters.getPath(), failure);
            error.message("Internal error at " + parameters.getPath().getSegmentName());
        }
        return CompletableFuture.completedFuture(DataFetcherExceptionHandlerResult.newResult()
                .error(error.build())
                .build());
    }

    private static String message(SlipwayException failure) {
        var message = failure.getMessage();
        return message == null ? failure.code().name() : message;
    }
}
