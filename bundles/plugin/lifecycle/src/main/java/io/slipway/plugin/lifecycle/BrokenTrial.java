package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.lifecycle.SelectionJournal.Line;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A change whose new versions were selected and had not passed their probation when the process ended.
 *
 * @param before version by plug-in that was selected before; empty if none was
 * @param isBad whether it was being taken back
 */
record BrokenTrial(SortedMap<PluginId, String> before, boolean isBad) {

    /** How far a plug-in's last change got, as far as it matters here. */
    private enum Phase {
        SETTLED,
        PROMOTED,
        ON_TRIAL,
        GOING_BACK
    }

    /** Finds them. */
    static List<BrokenTrial> in(List<Line> journal) {
        var story = new Story();
        journal.forEach(story::read);
        return story.broken();
    }

    /** What the lines so far say of each plug-in. */
    private static final class Story {

        private final Map<String, Phase> phases = new HashMap<>();
        private final Map<String, String> selected = new HashMap<>();
        private final Map<String, Map<String, String>> before = new LinkedHashMap<>(); // by first plug-in of a change

        void read(Line line) {
            switch (line.step()) {
                case SelectionJournal.SELECT -> select(line.versions());
                case "promote" -> phases.put(line.plugin(), Phase.PROMOTED);
                case "rollback" -> phases.put(line.plugin(), Phase.GOING_BACK);
                case "probation", Reconciler.RECOVERED, PluginGate.ACCEPTED -> {
                    // as far as before
                }
                default -> phases.put(line.plugin(), Phase.SETTLED); // passed and later, or a new change
            }
        }

        private void select(Map<String, String> versions) {
            var old = new LinkedHashMap<String, String>();
            var isTrial = versions.keySet().stream().allMatch(id -> phases.get(id) == Phase.PROMOTED);
            versions.forEach((id, version) -> {
                old.put(id, Objects.requireNonNullElse(selected.put(id, version), ""));
                phases.put(id, isTrial ? Phase.ON_TRIAL : Phase.SETTLED);
            });
            before.remove(old.keySet().iterator().next());
            if (isTrial) {
                before.put(old.keySet().iterator().next(), old);
            }
        }

        List<BrokenTrial> broken() {
            return before.values().stream()
                    .filter(change -> !change.values().stream().allMatch(String::isEmpty))
                    .filter(change -> phases(change).stream()
                            .allMatch(phase -> phase == Phase.ON_TRIAL || phase == Phase.GOING_BACK))
                    .map(change -> new BrokenTrial(ids(change), phases(change).contains(Phase.GOING_BACK)))
                    .toList();
        }

        private Collection<Phase> phases(Map<String, String> change) {
            return change.keySet().stream()
                    .map(id -> phases.getOrDefault(id, Phase.SETTLED))
                    .toList();
        }

        private static SortedMap<PluginId, String> ids(Map<String, String> change) {
            var ids = new TreeMap<PluginId, String>();
            change.forEach((id, version) -> ids.put(new PluginId(id), version));
            return ids;
        }
    }
}
