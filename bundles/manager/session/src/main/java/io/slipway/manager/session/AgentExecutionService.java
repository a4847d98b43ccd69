package io.slipway.manager.session;

import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.CompleteCall;
import io.slipway.agent.api.ExecuteCall;
import io.slipway.agent.api.ExecuteReply;
import io.slipway.manager.api.AgentDirectory;
import io.slipway.manager.api.ExecutionService;
import io.slipway.manager.store.KernelRecord;
import io.slipway.manager.store.SessionRecord;
import io.slipway.manager.store.SessionStore;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.session.SessionStatus;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs code on the agent of a session's main kernel. */
@Component
public final class AgentExecutionService implements ExecutionService {

    private static final Logger LOG = LoggerFactory.getLogger(AgentExecutionService.class);
    private static final Duration COUNT_EVERY = Duration.ofSeconds(2);
    private static final Duration LONGEST_FLUSH = Duration.ofSeconds(30);
    private static final Duration COMPLETE_LIMIT = Duration.ofSeconds(5);
    private static final Pattern RUN_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final int VANISHED = 130;

    private final SessionStore store;
    private final AgentDirectory directory;
    private final RandomGenerator random;
    private final SessionLookup lookup;
    private final QueryCounter counter = new QueryCounter();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("slipway-session-queries").factory());

    /** Used by the component runtime. */
    @Activate
    public AgentExecutionService(@Reference SessionStore store, @Reference AgentDirectory directory) {
        this(store, directory, new SecureRandom());
    }

    AgentExecutionService(SessionStore store, AgentDirectory directory, RandomGenerator random) {
        this.store = store;
        this.directory = directory;
        this.random = random;
        this.lookup = new SessionLookup(store);
    }

    @Activate
    void start() {
        var ticks = timer.scheduleWithFixedDelay(
                this::storeCounts, COUNT_EVERY.toMillis(), COUNT_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        LOG.debug("Counts of queries are stored every {}: {}", COUNT_EVERY, !ticks.isDone());
    }

    @Deactivate
    void stop() {
        timer.shutdown();
        storeCounts();
    }

    @Override
    public ExecuteReply execute(AccessKey owner, String reference, Run run, Duration flushAfter) {
        var runId = runId(run);
        var isNew = isStart(run);
        var session = lookup.get(owner, reference, !isNew);
        if (!isNew && hasEnded(session)) {
            return vanished(runId);
        }
        var kernel = runningKernel(session);
        if (isNew) {
            counter.count(session.id());
        }
        var limit = flushAfter.compareTo(LONGEST_FLUSH) > 0 ? LONGEST_FLUSH : flushAfter;
        var call = new ExecuteCall(kernel.id(), runId, mode(run.step()), run.code(), run.options(), limit);
        try {
            return AgentAnswers.connect(directory, kernel).execute(call);
        } catch (AgentException e) {
            if (e.reason() == AgentException.Reason.UNKNOWN_KERNEL) {
                return vanished(runId);
            }
            throw AgentAnswers.failure(e, "runId");
        }
    }

    @Override
    public void interrupt(AccessKey owner, String reference) {
        var kernel = runningKernel(lookup.get(owner, reference, false));
        try {
            AgentAnswers.connect(directory, kernel).interrupt(kernel.id());
        } catch (AgentException e) {
            throw AgentAnswers.failure(e, "session");
        }
    }

    @Override
    public void interrupt(AccessKey owner, String reference, String runId) {
        var kernel = runningKernel(lookup.get(owner, reference, false));
        try {
            AgentAnswers.connect(directory, kernel).interrupt(kernel.id(), runId);
        } catch (AgentException e) {
            throw AgentAnswers.failure(e, "runId");
        }
    }

    @Override
    public List<String> complete(AccessKey owner, String reference, Position position) {
        if (position.row() < 0 || position.column() < 0) {
            throw SlipwayException.invalid("options", "row and col must not be negative");
        }
        var kernel = runningKernel(lookup.get(owner, reference, false));
        var call = new CompleteCall(
                kernel.id(),
                position.code(),
                position.row(),
                position.column(),
                position.line(),
                position.post(),
                COMPLETE_LIMIT);
        try {
            return AgentAnswers.connect(directory, kernel).complete(call);
        } catch (AgentException e) {
            throw AgentAnswers.failure(e, "code");
        }
    }

    private String runId(Run run) {
        var given = run.runId();
        if (given == null) {
            if (!isStart(run)) {
                throw SlipwayException.invalid("runId", "is needed to go on with a run");
            }
            return HexFormat.of().toHexDigits(random.nextLong());
        }
        if (!RUN_ID.matcher(given).matches()) {
            throw SlipwayException.invalid("runId", "must be 1 to 64 letters, digits, - or _");
        }
        return given;
    }

    private static boolean isStart(Run run) {
        return run.step() == Step.QUERY || run.step() == Step.BATCH;
    }

    private static boolean hasEnded(SessionRecord session) {
        return session.status().isTerminal() || session.status() == SessionStatus.TERMINATING;
    }

    private static KernelRecord runningKernel(SessionRecord session) {
        if (session.status() != SessionStatus.RUNNING) {
            throw new SlipwayException(
                    FailureCode.BAD_REQUEST,
                    "Session " + session.name() + " is " + session.status().wireName() + ", not RUNNING");
        }
        return session.mainKernel();
    }

    private static ExecuteReply vanished(String runId) {
        return new ExecuteReply(runId, ExecuteReply.Status.FINISHED, VANISHED, false, List.of());
    }

    private static ExecuteCall.Mode mode(Step step) {
        return switch (step) {
            case QUERY -> ExecuteCall.Mode.QUERY;
            case BATCH -> ExecuteCall.Mode.BATCH;
            case INPUT -> ExecuteCall.Mode.INPUT;
            case CONTINUE -> ExecuteCall.Mode.CONTINUE;
        };
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: counts that could not be stored are kept for the next time
    private void storeCounts() {
        var counts = counter.take();
        if (counts.isEmpty()) {
            return;
        }
        try {
            store.touch(counts, Map.of());
        } catch (RuntimeException e) {
            LOG.warn("Counts of {} sessions not stored yet: {}", counts.size(), e.getMessage());
            counter.giveBack(counts);
        }
    }
}
