package io.slipway.plugin.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginVerdict.Finding;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Version;

class PluginGateTest {

    private static final PluginJar JAR =
            new PluginJar(new PluginId("acme"), Version.parseVersion("1.0.0"), new byte[] {1}, "slipway-plugin:acme");

    @TempDir
    Path folder;

    private final TestVerifier verifier = new TestVerifier();
    private SelectionJournal journal;
    private PluginGate gate;

    @BeforeEach
    void make() {
        journal = new SelectionJournal(folder.resolve("journal.jsonl"), () -> Instant.EPOCH);
        gate = new PluginGate(verifier, journal);
    }

    @Test
    void saysWhyAJarMayNotBeInstalled() {
        for (var finding : Finding.values()) {
            verifier.finding = finding;
            var isAccepted = finding == Finding.TRUSTED || finding == Finding.UNSIGNED_ALLOWED;
            var fresh =
                    new PluginGate(verifier, new SelectionJournal(folder.resolve("x" + finding), () -> Instant.EPOCH));
            assertEquals(isAccepted ? Optional.empty() : Optional.of(finding + ": in words"), fresh.objection(JAR));
        }
    }

    @Test
    void anAcceptedFileGoesOnWhenItsSignatureHasExpired() throws Exception {
        verifier.finding = Finding.TRUSTED;
        assertEquals(Optional.empty(), gate.objection(JAR));
        assertEquals(Optional.empty(), gate.objection(JAR));
        assertEquals(1, journal.records().size(), "it is written down once");
        verifier.finding = Finding.EXPIRED;
        assertEquals(Optional.empty(), gate.objection(JAR));
        verifier.finding = Finding.REVOKED;
        assertTrue(gate.objection(JAR).isPresent());
    }

    @Test
    void aFileOfAnotherPluginWasNotAccepted() {
        verifier.finding = Finding.TRUSTED;
        gate.objection(JAR);
        verifier.finding = Finding.EXPIRED;
        var other = new PluginJar(new PluginId("other"), JAR.version(), JAR.bytes(), "slipway-plugin:other");
        assertTrue(gate.objection(other).isPresent());
    }

    @Test
    void nothingPassesWhileTheListsCannotBeRead() {
        verifier.isBroken = true;
        assertEquals(Optional.of("it cannot be verified: the list is torn"), gate.objection(JAR));
    }
}
