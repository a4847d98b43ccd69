package io.slipway.manager.session;

import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.PrepareKernel;
import io.slipway.manager.session.Launches.Launch;
import io.slipway.manager.store.KernelRecord;
import io.slipway.manager.store.SessionRecord;
import io.slipway.manager.store.Transition;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.session.SessionStatus;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a placed session to the point where its agents have accepted all its kernels: images first, then creation, so
 * that a lack of an image costs no container. Every step may be repeated: agents key on the kernel, the store on the state.
 *
 * <p>CREATING is stored when an agent has accepted a kernel, not before: "no capacity" then still leads back to the queue. And
 * not at once: a kernel that comes up quickly is stored with both states in one go.
 */
final class Launcher {

    private static final Logger LOG = LoggerFactory.getLogger(Launcher.class);
    private static final Set<SessionStatus> BEFORE_CREATION =
            Set.of(SessionStatus.SCHEDULED, SessionStatus.PREPARING, SessionStatus.PULLING);

    private final Transitions transitions;
    private final AgentCalls calls;
    private final KernelCreation creation;
    private final Setbacks setbacks;
    private final Settings settings;
    private final InstantSource clock;
    private final Executor executor;

    /** What went wrong with one kernel. */
    record Failure(KernelRecord kernel, AgentException cause) {

        /** In words, with the agent. */
        String text() {
            return "agent " + kernel.agent() + ": " + cause.getMessage();
        }
    }

    Launcher(
            Transitions transitions,
            AgentCalls calls,
            KernelCreation creation,
            Setbacks setbacks,
            Settings settings,
            InstantSource clock,
            Executor executor) {
        this.transitions = transitions;
        this.calls = calls;
        this.creation = creation;
        this.setbacks = setbacks;
        this.settings = settings;
        this.clock = clock;
        this.executor = executor;
    }

    /** Launches a session that was read after the launch was opened. */
    void run(Launch launch, SessionRecord session) {
        // what another run left in PREPARING may have a container already; what this one takes there has none
        var isFresh = session.kernels().stream().allMatch(kernel -> kernel.status() == KernelStatus.SCHEDULED);
        var started = toPreparing(session);
        if (started.isEmpty() || !isStarting(started.get())) {
            return;
        }
        var present = started.get();
        var failure = prepare(present);
        if (failure.isPresent()) {
            setbacks.prepareFailed(present, failure.get(), isFresh);
        } else if (launch.mayCreate()) {
            create(launch, present);
        }
    }

    private Optional<SessionRecord> toPreparing(SessionRecord session) {
        var move = Moves.preparing(session, clock.instant());
        return move.isEmpty() ? Optional.of(session) : Outcomes.session(transitions.apply(move.get()));
    }

    private static boolean isStarting(SessionRecord session) {
        return switch (session.status()) {
            case SCHEDULED, PREPARING, PULLING, CREATING -> true;
            case PENDING, RUNNING, RESTARTING, TERMINATING, TERMINATED, CANCELLED, ERROR -> false;
        };
    }

    /** Makes the images ready on all agents at once; returns the first failure. */
    private Optional<Failure> prepare(SessionRecord session) {
        var kernels = session.kernels().stream()
                .filter(kernel -> Moves.BEFORE_CREATION.contains(kernel.status()))
                .toList();
        var others = kernels.stream()
                .skip(1)
                .map(kernel -> CompletableFuture.supplyAsync(() -> prepare(kernel), executor))
                .toList();
        var results = new ArrayList<Optional<Failure>>();
        kernels.stream().limit(1).map(this::prepare).forEach(results::add);
        others.stream().map(CompletableFuture::join).forEach(results::add);
        return results.stream().flatMap(Optional::stream).findFirst();
    }

    private Optional<Failure> prepare(KernelRecord kernel) {
        var agent = Objects.requireNonNull(kernel.agent(), "placed kernel without agent");
        var request = new PrepareKernel(kernel.id(), kernel.image(), settings.pulling());
        try {
            calls.call(agent, AgentCalls.Kind.PREPARE, connection -> {
                connection.prepare(request);
                return request;
            });
            return Optional.empty();
        } catch (AgentException e) {
            return Optional.of(new Failure(kernel, e));
        }
    }

    private void create(Launch launch, SessionRecord session) {
        try (var news = transitions.listen(session.id(), status -> !BEFORE_CREATION.contains(status))) {
            create(launch, session, news);
        }
    }

    private void create(Launch launch, SessionRecord session, SessionWatch.News news) {
        var accepted = new ArrayList<KernelRecord>();
        for (var kernel : session.kernels()) {
            if (!isToBeCreated(kernel)) {
                continue;
            }
            var failure = creation.create(launch, session, kernel);
            if (failure.isPresent() && !isDoubtful(failure.get())) {
                store(session, accepted);
                setbacks.createFailed(session, failure.get(), !accepted.isEmpty());
                return;
            }
            accepted.add(kernel);
        }
        if (settings.noteAfter().isZero() || !news.await(settings.noteAfter())) {
            store(session, accepted);
        }
        LOG.debug("session={} accepted by its agents", session.id());
    }

    /** The call may have arrived: the kernel counts as accepted, the sweep repeats the call, the deadline ends it. */
    private static boolean isDoubtful(Failure failure) {
        if (KernelCreation.isDoubtful(failure.cause().reason())) {
            LOG.info("kernel={} not known to be accepted: {}", failure.kernel().id(), failure.text());
            return true;
        }
        return false;
    }

    private static boolean isToBeCreated(KernelRecord kernel) {
        return kernel.status() == KernelStatus.CREATING || Moves.BEFORE_CREATION.contains(kernel.status());
    }

    private void store(SessionRecord session, List<KernelRecord> accepted) {
        var now = clock.instant();
        List<Transition> chain = accepted.stream()
                .filter(kernel -> kernel.status() != KernelStatus.CREATING)
                .map(kernel -> Moves.creating(session, kernel.id(), now))
                .toList();
        if (!chain.isEmpty()) {
            // refused where the agent was quicker and the kernel runs, or where the session ends: both are right
            transitions.apply(chain);
        }
    }
}
