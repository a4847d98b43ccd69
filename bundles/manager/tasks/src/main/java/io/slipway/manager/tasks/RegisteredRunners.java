package io.slipway.manager.tasks;

import io.slipway.manager.api.TaskRunner;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** The registered runners; fetched when needed, because a runner may itself need the tasks. Thread-safe. */
final class RegisteredRunners implements Runners {

    private final BundleContext context;
    private final Set<ServiceReference<TaskRunner>> references = ConcurrentHashMap.newKeySet();

    RegisteredRunners(BundleContext context) {
        this.context = context;
    }

    void add(ServiceReference<TaskRunner> reference) {
        references.add(reference);
    }

    void remove(ServiceReference<TaskRunner> reference) {
        references.remove(reference);
        context.ungetService(reference);
    }

    @Override
    public Optional<TaskRunner> find(String kind) {
        return references.stream()
                .map(context::getService)
                .filter(Objects::nonNull)
                .filter(runner -> runner.kind().equals(kind))
                .findFirst();
    }
}
