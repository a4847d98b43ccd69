package io.slipway.manager.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.manager.store.SessionRecord;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionStatus;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Kills a JVM that writes, with no warning, and compares what it had acknowledged with what is there. */
@ParameterizedClass
@MethodSource("io.slipway.manager.persistence.DatabaseKind#all")
class DurabilityTest {

    private static final int ACKNOWLEDGEMENTS = 400;

    private final DatabaseKind kind;

    DurabilityTest(DatabaseKind kind) {
        this.kind = kind;
    }

    @Test
    void whatWasAcknowledgedSurvivesAKill(@TempDir Path folder) throws Exception {
        var url = switch (kind) {
            case H2_FILE -> "jdbc:h2:file:" + folder.resolve("killed");
            case POSTGRESQL -> kind.newSettings().url();
        };
        var ledger = writeUntilKilled(url);
        try (var database = Database.open(DatabaseKind.settings(url))) {
            var store = new JpaSessionStore(database);
            var found = store.findAll(ledger.keySet());
            assertTrue(ledger.size() > 10, () -> ledger.size() + " sessions");
            ledger.forEach((id, status) -> {
                var session = found.get(id);
                assertTrue(session != null && session.status().compareTo(status) >= 0, () -> status + " of " + session);
                assertConsistent(store, session);
            });
        }
    }

    private static void assertConsistent(JpaSessionStore store, SessionRecord session) {
        var own = store.history(session.id()).stream()
                .filter(entry -> entry.subject().equals("session"))
                .toList();
        assertEquals(session.status().name(), own.getLast().to());
        var kernel = session.mainKernel();
        assertEquals(kernel.status().holdsSlots(), !kernel.occupied().isEmpty(), session::toString);
    }

    /** Returns the last state of each session that the writer acknowledged. */
    private static Map<SessionId, SessionStatus> writeUntilKilled(String url) throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var process = new ProcessBuilder(
                        java,
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        Writer.class.getName(),
                        url)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var ledger = new HashMap<SessionId, SessionStatus>();
        try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            var count = 0;
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                var parts = List.of(line.split(" "));
                ledger.put(SessionId.parse(parts.get(0)), SessionStatus.valueOf(parts.get(1)));
                count++;
                if (count == ACKNOWLEDGEMENTS) {
                    // SIGKILL; lines that are in the pipe are still read: they were acknowledged, too
                    assertTrue(process.toHandle().destroyForcibly());
                }
            }
        }
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        assertEquals(137, process.exitValue());
        return ledger;
    }

    /** The JVM that is killed: says on its output what was written, after the store has returned. */
    static final class Writer {

        private Writer() {}

        public static void main(String[] arguments) {
            var tenant = Tenant.create(Database.open(DatabaseKind.settings(arguments[0])));
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 8; i++) {
                    threads.execute(() -> {
                        while (true) {
                            live(tenant);
                        }
                    });
                }
            }
        }

        private static void live(Tenant tenant) {
            var session = acknowledge(tenant.admit());
            session = acknowledge(tenant.schedule(session));
            for (var state : List.of(KernelStatus.PREPARING, KernelStatus.CREATING, KernelStatus.RUNNING)) {
                session = acknowledge(tenant.moved(session, state));
            }
            if (session.id().value().hashCode() % 2 == 0) {
                acknowledge(tenant.moved(session, KernelStatus.TERMINATED));
            }
        }

        @SuppressWarnings("RegexpSinglelineJava") // the pipe to the test
        private static SessionRecord acknowledge(SessionRecord session) {
            System.out.println(session.id() + " " + session.status());
            return session;
        }
    }
}
