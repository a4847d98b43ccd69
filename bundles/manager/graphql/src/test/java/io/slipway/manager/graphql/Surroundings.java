package io.slipway.manager.graphql;

import io.slipway.agent.api.Agent;
import io.slipway.manager.api.AgentDirectory;
import io.slipway.manager.api.BackgroundTasks;
import io.slipway.manager.api.ImageCatalog;
import io.slipway.manager.store.AgentRecord;
import io.slipway.manager.store.KernelRecord;
import io.slipway.manager.store.Occupancy;
import io.slipway.manager.store.Placement;
import io.slipway.manager.store.SchedulingStore;
import io.slipway.manager.store.SessionRecord;
import io.slipway.manager.store.TaskRecord;
import io.slipway.model.agent.AgentId;
import io.slipway.model.agent.AgentStatus;
import io.slipway.model.identity.Principal;
import io.slipway.model.image.Image;
import io.slipway.model.session.SessionId;
import io.slipway.model.slot.SlotName;
import io.slipway.model.slot.SlotType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** What sessions need around them, without a database. */
final class Surroundings {

    private Surroundings() {}

    /** One agent that measures the kernels of all sessions. */
    record OneAgent(ManagerFixture.Sessions sessions) implements AgentDirectory {

        @Override
        public List<AgentView> agents() {
            var record = new AgentRecord(
                    ManagerFixture.AGENT,
                    AgentStatus.ALIVE,
                    "default",
                    true,
                    "tcp://one",
                    "1",
                    "x86_64",
                    Map.of(),
                    List.of(),
                    Map.of(),
                    Map.of(),
                    ManagerFixture.THEN,
                    null);
            var uses = sessions.stored.stream()
                    .flatMap(session -> session.kernels().stream())
                    .collect(Collectors.toMap(KernelRecord::id, kernel -> ManagerFixture.USE));
            return List.of(new AgentView(record, Map.of(), List.of(), uses));
        }

        @Override
        public Optional<AgentView> find(AgentId agent) {
            return agent.equals(ManagerFixture.AGENT) ? Optional.of(agents().getFirst()) : Optional.empty();
        }

        @Override
        public Optional<Agent> connect(AgentId agent) {
            return Optional.empty();
        }

        @Override
        public Map<SlotName, SlotType> slotTypes() {
            return Map.of();
        }

        @Override
        public AutoCloseable onChange(Runnable listener) {
            return () -> {};
        }
    }

    record NoImages() implements ImageCatalog {

        @Override
        public Image resolve(String nameOrAlias, String architecture) {
            throw new AssertionError("GraphQL resolves no image");
        }

        @Override
        public List<Image> images() {
            return List.of();
        }
    }

    record NothingScheduled() implements SchedulingStore {

        @Override
        public Set<String> resourceGroups() {
            return Set.of();
        }

        @Override
        public List<SessionRecord> pending(String resourceGroup, int limit) {
            return List.of();
        }

        @Override
        public List<Occupancy> occupancy(String resourceGroup) {
            return List.of();
        }

        @Override
        public Set<SessionId> commit(String resourceGroup, long token, List<Placement> placements, Instant at) {
            return Set.of();
        }
    }

    static final class Tasks implements BackgroundTasks {

        @Override
        public TaskRecord start(Principal caller, String kind, Map<String, String> arguments) {
            return new TaskRecord(
                    new UUID(0, 7),
                    kind,
                    caller.accessKey(),
                    arguments,
                    TaskRecord.Status.STARTED,
                    "",
                    0,
                    0,
                    ManagerFixture.THEN,
                    null);
        }

        @Override
        public Optional<TaskRecord> find(Principal caller, UUID task) {
            return Optional.empty();
        }

        @Override
        public TaskRecord awaitChange(TaskRecord known, Duration limit) {
            return known;
        }
    }
}
