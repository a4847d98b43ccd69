package io.slipway.manager.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slipway.agent.api.Agent;
import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.AgentFiles;
import io.slipway.agent.api.FileListing;
import io.slipway.agent.api.FileUpload;
import io.slipway.manager.store.SessionRecord;
import io.slipway.manager.store.SessionStore;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.session.SessionStatus;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AgentSessionFilesTest {

    private final Town.Directory directory = new Town.Directory();
    private final List<String> calls = new ArrayList<>();
    private AgentException.@Nullable Reason failure;
    private SessionRecord session = Samples.session(SessionStatus.RUNNING, KernelStatus.RUNNING);
    private final AgentSessionFiles service = new AgentSessionFiles(store(), directory);

    AgentSessionFilesTest() {
        directory.add(Town.agent(Samples.AGENT.value(), 1), agent());
    }

    @Test
    void asksTheAgentOfTheMainKernel() {
        assertEquals(
                "/home/work/a",
                service.list(session.owner(), session.name(), "a").path());
        try (var upload = service.upload(session.owner(), session.name(), "b", 7)) {
            upload.write(new byte[] {1, 2, 3}, 1, 2);
            upload.complete();
        }
        assertEquals(
                List.of("list " + session.mainKernel().id() + " a", "upload b 7", "write 2", "complete", "close"),
                calls);
    }

    @Test
    void refusesWhatDoesNotRun() {
        session = Samples.session(SessionStatus.PREPARING, KernelStatus.PREPARING);
        assertFails(FailureCode.BAD_REQUEST);
    }

    @Test
    void tellsWhatTheAgentSaid() {
        failure = AgentException.Reason.INVALID_INPUT;
        assertFails(FailureCode.INVALID_PARAMETERS);
        failure = AgentException.Reason.TIMEOUT;
        assertFails(FailureCode.KERNEL_EXECUTION_FAILED);
        directory.away(Samples.AGENT, true);
        assertFails(FailureCode.KERNEL_EXECUTION_FAILED);
    }

    private void assertFails(FailureCode code) {
        var thrown = assertThrows(SlipwayException.class, () -> service.list(session.owner(), session.name(), "a"));
        assertEquals(code, thrown.code());
    }

    private Agent agent() {
        return (Agent) Proxy.newProxyInstance(
                Agent.class.getClassLoader(), new Class<?>[] {Agent.class}, (self, method, arguments) -> files());
    }

    private AgentFiles files() {
        return (AgentFiles) Proxy.newProxyInstance(
                Agent.class.getClassLoader(), new Class<?>[] {AgentFiles.class}, (self, method, arguments) -> {
                    if (failure != null) {
                        throw new AgentException(failure, "on purpose");
                    }
                    if (method.getName().equals("upload")) {
                        calls.add("upload " + arguments[1] + " " + arguments[2]);
                        return new Upload();
                    }
                    calls.add(method.getName() + " " + arguments[0] + " " + arguments[1]);
                    return new FileListing("/home/work/" + arguments[1], List.of(), true);
                });
    }

    private final class Upload implements FileUpload {

        @Override
        public void write(ByteBuffer piece) {
            calls.add("write " + piece.remaining());
        }

        @Override
        public void complete() {
            calls.add("complete");
        }

        @Override
        public void close() {
            calls.add("close");
        }
    }

    private SessionStore store() {
        return (SessionStore) Proxy.newProxyInstance(
                SessionStore.class.getClassLoader(),
                new Class<?>[] {SessionStore.class},
                (self, method, arguments) -> List.of(session));
    }
}
