package io.slipway.manager.graphql;

import graphql.schema.DataFetchingEnvironment;
import io.slipway.manager.api.BackgroundTasks;
import java.util.Map;
import java.util.Optional;

/** Starts background tasks. */
final class TaskMutations {

    private static final String RESCAN = "image-rescan";

    private final BackgroundTasks tasks;

    TaskMutations(BackgroundTasks tasks) {
        this.tasks = tasks;
    }

    Map<String, Object> rescanImages(DataFetchingEnvironment environment) {
        Caller.mustBeSuperadmin(environment);
        Optional<String> registry = Optional.ofNullable(environment.getArgument("registry"));
        var arguments = registry.map(name -> Map.of("registry", name)).orElse(Map.of());
        var task = tasks.start(Caller.of(environment), RESCAN, arguments);
        return Map.of("ok", true, "msg", "", "task_id", task.id());
    }
}
