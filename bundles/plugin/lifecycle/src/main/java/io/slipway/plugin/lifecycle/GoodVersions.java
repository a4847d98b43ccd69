package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.SwapRecord;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The versions of a plug-in that were selected and not found bad, as the journal tells.
 *
 * @param journal oldest line first
 */
record GoodVersions(List<SwapRecord> journal, PluginId id) {

    /** Returns each selection, the last one first. A version that was taken back counts again when it has passed later. */
    List<String> latestFirst() {
        var bad = bad();
        return journal.reversed().stream()
                .filter(line -> line.id().equals(id) && line.step().equals(SelectionJournal.SELECT))
                .map(SwapRecord::version)
                .filter(version -> !version.isEmpty() && !bad.contains(version))
                .toList();
    }

    private Set<String> bad() {
        var bad = new HashSet<String>();
        for (var line : journal) {
            if (line.id().equals(id)) {
                switch (line.step()) {
                    case "rollback" -> bad.add(line.version());
                    case "passed" -> bad.remove(line.version());
                    default -> {
                        // says nothing of how good a version is
                    }
                }
            }
        }
        return bad;
    }
}
