package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.PluginVerdict;
import io.slipway.plugin.api.PluginVerdict.Finding;
import io.slipway.plugin.api.PluginVerifier;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where jars become bundles asks here first, with the very bytes. A signature that has expired meanwhile
 * counts for a file that was accepted before: a certificate's last day stops new files, never a server that runs them.
 * Whoever wants them stopped revokes them.
 */
final class PluginGate {

    /** What a line of the journal says that tells of an accepted signature. */
    static final String ACCEPTED = "accept";

    private static final Logger LOG = LoggerFactory.getLogger(PluginGate.class);

    private final PluginVerifier verifier;
    private final SelectionJournal journal;

    PluginGate(PluginVerifier verifier, SelectionJournal journal) {
        this.verifier = verifier;
        this.journal = journal;
    }

    /** Returns why a jar may not be installed, in words; empty if it may. */
    Optional<String> objection(PluginJar jar) {
        try {
            var verdict = verifier.verify(jar.id() + " " + jar.version(), jar.bytes());
            if (verdict.isAccepted()) {
                remember(jar, verdict);
                return Optional.empty();
            }
            if (verdict.finding() == Finding.EXPIRED && isRemembered(jar, verdict)) {
                LOG.warn(
                        "Plug-in {} {} goes on: it was accepted before, but {}",
                        jar.id(),
                        jar.version(),
                        verdict.words());
                return Optional.empty();
            }
            return Optional.of(verdict.reason());
        } catch (IOException e) {
            LOG.error("Plug-in {} {} cannot be verified", jar.id(), jar.version(), e);
            return Optional.of("it cannot be verified: " + e.getMessage());
        }
    }

    /** Only for signatures of certificates: the others cannot expire. */
    private void remember(PluginJar jar, PluginVerdict verdict) throws IOException {
        if (!verdict.signer().isEmpty() && !isRemembered(jar, verdict)) {
            journal.append(ACCEPTED, jar.id(), jar.version().toString(), mark(verdict) + " of " + verdict.signer());
        }
    }

    private boolean isRemembered(PluginJar jar, PluginVerdict verdict) throws IOException {
        return journal.records().stream()
                .anyMatch(line -> line.step().equals(ACCEPTED)
                        && line.id().equals(jar.id())
                        && line.words().startsWith(mark(verdict)));
    }

    private static String mark(PluginVerdict verdict) {
        return "sha256:" + verdict.digest();
    }
}
