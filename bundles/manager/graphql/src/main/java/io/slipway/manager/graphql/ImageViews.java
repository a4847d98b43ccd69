package io.slipway.manager.graphql;

import io.slipway.model.image.Image;
import io.slipway.model.image.ImageRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Images in the words of the schema. */
final class ImageViews {

    private ImageViews() {}

    /**
     * Returns an image.
     *
     * @param installedAgents ids of the agents that have it
     */
    static Map<String, @Nullable Object> image(Image image, List<String> installedAgents) {
        var view = named(image.ref());
        view.put("id", image.id());
        view.put("digest", image.digest());
        view.put("hash", image.digest());
        view.put("labels", labels(image));
        view.put("aliases", image.aliases());
        view.put("size_bytes", image.sizeBytes());
        view.put("resource_limits", limits(image));
        view.put("supported_accelerators", accelerators(image));
        view.put("installed", !installedAgents.isEmpty());
        view.put("installed_agents", installedAgents);
        return view;
    }

    /** Returns the image of a kernel as far as its name tells; the catalog may not have it any more. */
    static Map<String, @Nullable Object> node(ImageRef ref) {
        var view = named(ref);
        view.put("id", ref.canonical());
        return view;
    }

    private static Map<String, @Nullable Object> named(ImageRef ref) {
        var view = new HashMap<String, @Nullable Object>();
        view.put("name", ref.name());
        view.put(
                "project",
                ref.name().contains("/") ? ref.name().substring(0, ref.name().indexOf('/')) : "");
        view.put("humanized_name", ref.name());
        view.put("tag", ref.tag());
        view.put("registry", ref.registry());
        view.put("architecture", ref.architecture());
        view.put("is_local", ref.registry().equals("local"));
        return view;
    }

    private static List<Map<String, String>> labels(Image image) {
        return image.labels().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(label -> Map.of("key", label.getKey(), "value", label.getValue()))
                .toList();
    }

    private static List<Map<String, @Nullable Object>> limits(Image image) {
        var limits = new ArrayList<Map<String, @Nullable Object>>();
        image.minimum().amounts().forEach((slot, amount) -> {
            var limit = new HashMap<String, @Nullable Object>();
            limit.put("key", slot.value());
            limit.put("min", amount.toPlainString());
            limit.put("max", null);
            limits.add(limit);
        });
        return limits;
    }

    private static List<String> accelerators(Image image) {
        var label = image.labels().getOrDefault("ai.backend.accelerators", "");
        return label.isBlank() ? List.of() : List.of(label.split("\\s*,\\s*"));
    }
}
