package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.PluginVerdict;
import io.slipway.plugin.api.PluginVerdict.Finding;
import io.slipway.plugin.api.PluginVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the same in every file; at first that it is allowed. */
final class TestVerifier implements PluginVerifier {

    static final String DIGEST = "0".repeat(64);

    volatile Finding finding = Finding.UNSIGNED_ALLOWED;
    volatile boolean isBroken;

    /** Returns a gate that lets everything pass. */
    static PluginGate open(SelectionJournal journal) {
        return new PluginGate(new TestVerifier(), journal);
    }

    @Override
    public PluginVerdict verify(Path file) throws IOException {
        return verify(file.toString(), Files.readAllBytes(file));
    }

    @Override
    public PluginVerdict verify(String name, byte[] content) throws IOException {
        if (isBroken) {
            throw new IOException("the list is torn");
        }
        return new PluginVerdict(
                finding, "bundle", "1.0.0", DIGEST, finding == Finding.TRUSTED ? "CN=site" : "", "in words");
    }

    @Override
    public boolean isUnsignedAllowed() {
        return finding == Finding.UNSIGNED_ALLOWED;
    }
}
