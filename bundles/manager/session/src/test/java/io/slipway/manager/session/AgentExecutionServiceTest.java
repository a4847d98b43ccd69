package io.slipway.manager.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.agent.api.Agent;
import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.ConsoleRecord;
import io.slipway.agent.api.ExecuteCall;
import io.slipway.agent.api.ExecuteReply;
import io.slipway.manager.api.ExecutionService.Position;
import io.slipway.manager.api.ExecutionService.Run;
import io.slipway.manager.api.ExecutionService.Step;
import io.slipway.manager.store.SessionRecord;
import io.slipway.manager.store.SessionStore;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionStatus;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentExecutionServiceTest {

    private static final Duration FLUSH = Duration.ofSeconds(2);

    private final Town.Directory directory = new Town.Directory();
    private final List<ExecuteCall> calls = new ArrayList<>();
    private final List<Map<SessionId, Long>> counts = new ArrayList<>();
    private AgentException.@Nullable Reason failure;
    private SessionRecord session = Samples.session(SessionStatus.RUNNING, KernelStatus.RUNNING);
    private final AgentExecutionService service =
            new AgentExecutionService(store(), directory, new SplittableRandom(1));

    AgentExecutionServiceTest() {
        directory.add(Town.agent(Samples.AGENT.value(), 1), agent());
    }

    private ExecuteReply execute(@Nullable String runId, Step step) {
        return service.execute(session.owner(), session.name(), new Run(runId, step, "1+1"), FLUSH);
    }

    private static void assertFails(FailureCode code, Runnable call) {
        assertEquals(code, assertThrows(SlipwayException.class, call::run).code());
    }

    @Test
    void choosesARunIdThatTheClientEchoes() {
        var reply = execute(null, Step.QUERY);
        assertTrue(reply.runId().matches("[0-9a-f]{16}"), reply.runId());
        assertEquals(reply.runId(), execute(reply.runId(), Step.CONTINUE).runId());
        assertEquals(
                List.of(ExecuteCall.Mode.QUERY, ExecuteCall.Mode.CONTINUE),
                calls.stream().map(ExecuteCall::mode).toList());
    }

    @Test
    void goingOnNeedsARunId() {
        assertFails(FailureCode.INVALID_PARAMETERS, () -> execute(null, Step.CONTINUE));
        assertFails(FailureCode.INVALID_PARAMETERS, () -> execute(null, Step.INPUT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "../x", "ä"})
    void refusesRunIdsOfAnotherForm(String runId) {
        assertFails(FailureCode.INVALID_PARAMETERS, () -> execute(runId, Step.QUERY));
    }

    @ParameterizedTest
    @EnumSource(
            value = SessionStatus.class,
            names = {"PENDING", "SCHEDULED", "PREPARING", "CREATING"})
    void refusesWhatDoesNotRunYet(SessionStatus status) {
        session = Samples.session(status, KernelStatus.valueOf(status.name()));
        assertFails(FailureCode.BAD_REQUEST, () -> execute(null, Step.QUERY));
        assertFails(FailureCode.BAD_REQUEST, () -> service.interrupt(session.owner(), session.name()));
    }

    @Test
    void aRunWhoseContainerVanishedHasFinishedWith130() {
        failure = AgentException.Reason.UNKNOWN_KERNEL;
        var reply = execute("run", Step.CONTINUE);
        assertEquals(ExecuteReply.Status.FINISHED, reply.status());
        assertEquals(130, reply.exitCode());
        failure = null;
        session = Samples.session(SessionStatus.TERMINATED, KernelStatus.TERMINATED);
        assertEquals(130, execute("run", Step.CONTINUE).exitCode());
        assertTrue(calls.isEmpty());
    }

    @Test
    void tellsWhatTheAgentSaid() {
        failure = AgentException.Reason.FAILED;
        var thrown = assertThrows(SlipwayException.class, () -> execute(null, Step.QUERY));
        assertEquals(FailureCode.KERNEL_EXECUTION_FAILED, thrown.code());
        assertEquals(Map.of("agent-details", Map.of("type", "agent-failure", "title", "on purpose")), thrown.data());
        failure = AgentException.Reason.INVALID_INPUT;
        assertFails(FailureCode.INVALID_PARAMETERS, () -> execute("unknown", Step.CONTINUE));
        directory.away(Samples.AGENT, true);
        assertFails(FailureCode.KERNEL_EXECUTION_FAILED, () -> execute(null, Step.QUERY));
    }

    @Test
    void countsQueriesInOneWrite() {
        for (int i = 0; i < 50; i++) {
            var run = execute(null, Step.QUERY);
            execute(run.runId(), Step.CONTINUE);
        }
        assertTrue(counts.isEmpty());
        service.stop();
        assertEquals(List.of(Map.of(session.id(), 50L)), counts);
    }

    @Test
    void refusesNegativeCursors() {
        var position = new Position("x", -1, 0, "", "");
        assertFails(FailureCode.INVALID_PARAMETERS, () -> service.complete(session.owner(), session.name(), position));
    }

    private Agent agent() {
        return (Agent) Proxy.newProxyInstance(
                Agent.class.getClassLoader(), new Class<?>[] {Agent.class}, (self, method, arguments) -> {
                    if (failure != null) {
                        throw new AgentException(failure, "on purpose");
                    }
                    if (!method.getName().equals("execute")) {
                        return method.getReturnType() == List.class ? List.of() : null;
                    }
                    var call = (ExecuteCall) arguments[0];
                    calls.add(call);
                    var console = List.of(ConsoleRecord.text(ConsoleRecord.Kind.STDOUT, "2\n"));
                    return new ExecuteReply(call.runId(), ExecuteReply.Status.FINISHED, 0, false, console);
                });
    }

    /** A store that has one session. */
    private SessionStore store() {
        return (SessionStore) Proxy.newProxyInstance(
                SessionStore.class.getClassLoader(),
                new Class<?>[] {SessionStore.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "findByName" -> found((AccessKey) arguments[0], (String) arguments[1], (boolean) arguments[2]);
                    case "find" -> Optional.empty();
                    case "touch" -> touch(arguments[0]);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private List<SessionRecord> found(AccessKey owner, String name, boolean onlyLive) {
        var isMeant = session.owner().equals(owner)
                && session.name().equals(name)
                && !(onlyLive && session.status().isTerminal());
        return isMeant ? List.of(session) : List.of();
    }

    @SuppressWarnings("unchecked")
    private @Nullable Object touch(Object numQueries) {
        counts.add((Map<SessionId, Long>) numQueries);
        return null;
    }
}
