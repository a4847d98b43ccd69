package io.slipway.manager.session;

import io.slipway.agent.api.AgentException;
import io.slipway.manager.api.AgentDirectory;
import io.slipway.manager.api.CreateSession;
import io.slipway.manager.api.CreatedSession;
import io.slipway.manager.api.Outbox;
import io.slipway.manager.api.SessionService;
import io.slipway.manager.store.Admission;
import io.slipway.manager.store.HistoryEntry;
import io.slipway.manager.store.KernelRecord;
import io.slipway.manager.store.NewKernel;
import io.slipway.manager.store.Page;
import io.slipway.manager.store.SessionQuery;
import io.slipway.manager.store.SessionRecord;
import io.slipway.manager.store.SessionStore;
import io.slipway.model.agent.AgentId;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.identity.Principal;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionStatus;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sessions over the store: every answer is what is stored, every change is durable when the call returns. */
@Component
public final class StoredSessionService implements SessionService {

    private static final Logger LOG = LoggerFactory.getLogger(StoredSessionService.class);
    private static final int MOST_FOLLOWERS = 1_000;
    private static final int LOG_BYTES = 1024 * 1024;
    private static final Duration LOG_LIMIT = Duration.ofSeconds(10);
    private static final Set<KernelStatus> PLACED = Arrays.stream(KernelStatus.values())
            .filter(status -> status != KernelStatus.PENDING && !status.isTerminal())
            .collect(Collectors.toUnmodifiableSet());
    private static final int MOST_KERNELS = 10_000;
    /** Moves of this very moment count, too. */
    private static final Duration NOW = Duration.ofSeconds(1);

    private final SessionStore store;
    private final SessionRequests requests;
    private final SessionWatch watch;
    private final Outbox outbox;
    private final AgentDirectory directory;
    private final Destruction destruction;
    private final SessionLookup lookup;
    private final InstantSource clock;

    /** Used by the component runtime. */
    @Activate
    public StoredSessionService(
            @Reference SessionStore store,
            @Reference Transitions transitions,
            @Reference SessionRequests requests,
            @Reference SessionWatch watch,
            @Reference WorkQueue queue,
            @Reference Outbox outbox,
            @Reference AgentDirectory directory) {
        this(
                store,
                requests,
                watch,
                outbox,
                directory,
                new Destruction(store, transitions, queue, InstantSource.system()),
                InstantSource.system());
    }

    StoredSessionService(
            SessionStore store,
            SessionRequests requests,
            SessionWatch watch,
            Outbox outbox,
            AgentDirectory directory,
            Destruction destruction,
            InstantSource clock) {
        this.store = store;
        this.requests = requests;
        this.watch = watch;
        this.outbox = outbox;
        this.directory = directory;
        this.destruction = destruction;
        this.clock = clock;
        this.lookup = new SessionLookup(store);
    }

    @Override
    public CreatedSession create(Principal caller, AccessKey owner, CreateSession request) {
        var resolved = requests.resolve(caller, owner, request);
        return switch (store.admit(resolved.session(), resolved.rule())) {
            case Admission.Admitted admitted -> {
                outbox.wake();
                LOG.info("session={} name={} of {} accepted", admitted.session().id(), request.name(), owner);
                yield new CreatedSession(admitted.session(), true);
            }
            case Admission.NameTaken taken ->
                reused(request, resolved.session().kernels().getFirst(), taken.session());
            case Admission.Refused refused -> throw new SlipwayException(FailureCode.QUOTA_EXCEEDED, refused.reason());
        };
    }

    private static CreatedSession reused(CreateSession request, NewKernel wanted, SessionRecord present) {
        if (request.reuseIfExists() && present.mainKernel().image().equals(wanted.image())) {
            return new CreatedSession(present, false);
        }
        var why = request.reuseIfExists()
                ? "runs image " + present.mainKernel().image().canonical()
                : "exists and reuse was not asked for";
        throw new SlipwayException(
                FailureCode.SESSION_EXISTS,
                "A live session called " + request.name() + " " + why,
                Map.of("existingSessionId", present.id().toString()),
                null);
    }

    @Override
    public SessionRecord awaitStarted(SessionId session, Duration limit) {
        return watch.await(session, status -> status == SessionStatus.RUNNING || status.isTerminal(), limit);
    }

    @Override
    public SessionRecord awaitLeft(SessionId session, Set<SessionStatus> states, Duration limit) {
        var left = Set.copyOf(states);
        return watch.await(session, status -> !left.contains(status), limit);
    }

    @Override
    public SessionRecord get(AccessKey owner, String reference, boolean alsoDead) {
        return lookup.get(owner, reference, alsoDead);
    }

    @Override
    public Optional<SessionRecord> find(SessionId session) {
        return store.find(session);
    }

    @Override
    public Map<SessionId, SessionRecord> findAll(Collection<SessionId> sessions) {
        return store.findAll(sessions);
    }

    @Override
    public Map<SessionId, List<HistoryEntry>> histories(Collection<SessionId> sessions) {
        return store.histories(sessions);
    }

    @Override
    public Map<AgentId, List<KernelRecord>> kernelsByAgent() {
        return store.kernelsIn(PLACED, clock.instant().plus(NOW), MOST_KERNELS).stream()
                .filter(kernel -> kernel.agent() != null)
                .collect(Collectors.groupingBy(kernel -> Objects.requireNonNull(kernel.agent())));
    }

    @Override
    public List<SessionRecord> match(AccessKey owner, String reference) {
        return lookup.match(owner, reference);
    }

    @Override
    public Page<SessionRecord> list(SessionQuery query) {
        return store.list(query);
    }

    @Override
    public List<SessionRecord> followers(SessionRecord session) {
        var waiting = store.list(new SessionQuery(
                        Optional.of(session.owner().value()),
                        Optional.empty(),
                        Optional.empty(),
                        Set.of(SessionStatus.PENDING),
                        List.of(),
                        0,
                        MOST_FOLLOWERS))
                .items();
        var found = new LinkedHashMap<SessionId, SessionRecord>();
        var isGrowing = true;
        while (isGrowing) {
            var before = found.size();
            waiting.stream()
                    .filter(one -> one.details().dependencies().stream()
                            .anyMatch(id -> id.equals(session.id()) || found.containsKey(id)))
                    .forEach(one -> found.put(one.id(), one));
            isGrowing = found.size() > before;
        }
        return List.copyOf(found.values());
    }

    @Override
    public SessionRecord destroy(Principal caller, AccessKey owner, String reference, boolean forced) {
        checkPrivilege(caller, owner);
        // a terminal session is found by its id, or by its name if no live one has it
        return destruction.destroy(caller, lookup.get(owner, reference, true), forced);
    }

    @Override
    public SessionRecord restart(Principal caller, AccessKey owner, String reference) {
        checkPrivilege(caller, owner);
        return destruction.restart(lookup.get(owner, reference, false));
    }

    private static void checkPrivilege(Principal caller, AccessKey owner) {
        if (!owner.equals(caller.accessKey()) && !caller.isAdmin()) {
            throw new SlipwayException(
                    FailureCode.INSUFFICIENT_PRIVILEGE, "Only administrators may end or restart sessions of others");
        }
    }

    @Override
    public void rename(AccessKey owner, String reference, String name) {
        RequestChecks.name("name", name);
        var session = lookup.get(owner, reference, true);
        if (session.name().equals(name) && session.status() == SessionStatus.RUNNING) {
            return;
        }
        if (!store.rename(session.id(), name, clock.instant())) {
            throw renameRefused(session.id(), name);
        }
    }

    private SlipwayException renameRefused(SessionId session, String name) {
        var now = store.find(session).map(SessionRecord::status).orElse(SessionStatus.TERMINATED);
        return now == SessionStatus.RUNNING
                ? SlipwayException.invalid("name", "a live session is called " + name + "; choose another name")
                : new SlipwayException(
                        FailureCode.BAD_REQUEST, "Only RUNNING sessions can be renamed; this one is " + now.wireName());
    }

    @Override
    public String logs(AccessKey owner, String reference, Optional<String> kernelId) {
        var session = lookup.get(owner, reference, true);
        var kernel = kernelId.map(id -> kernel(session, id)).orElseGet(session::mainKernel);
        return switch (kernel.status()) {
            case CREATING, RUNNING, RESTARTING, TERMINATING -> liveLogs(kernel);
            case PENDING, SCHEDULED, PREPARING, PULLING -> "";
            case TERMINATED, CANCELLED, ERROR -> store.kernelLogs(kernel.id());
        };
    }

    private static KernelRecord kernel(SessionRecord session, String id) {
        return session.kernels().stream()
                .filter(kernel -> kernel.id().toString().equalsIgnoreCase(id))
                .findFirst()
                .orElseThrow(
                        () -> SlipwayException.notFound("kernel", "Session " + session.name() + " has no such kernel"));
    }

    private String liveLogs(KernelRecord kernel) {
        AgentId agent = Objects.requireNonNull(kernel.agent(), "placed kernel without agent");
        try {
            var connection = directory
                    .connect(agent)
                    .orElseThrow(() -> new SlipwayException(
                            FailureCode.UNAVAILABLE, "Agent " + agent + ", which has the log, cannot be reached now"));
            return connection.logs(kernel.id(), LOG_BYTES, LOG_LIMIT);
        } catch (AgentException e) {
            if (e.reason() == AgentException.Reason.UNKNOWN_KERNEL) {
                return store.kernelLogs(kernel.id()); // it ended just now, or is not created yet
            }
            throw AgentAnswers.failure(e, "kernel_id");
        }
    }
}
