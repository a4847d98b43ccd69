package io.slipway.manager.images;

import io.slipway.manager.store.ImageStore;
import io.slipway.model.image.Image;
import io.slipway.model.image.ImageRef;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A catalog in memory. */
final class MemoryImageStore implements ImageStore {

    private final Map<ImageRef, Image> rows = new HashMap<>();
    private final Map<String, ImageRef> aliases = new HashMap<>();
    int saves;

    @Override
    public List<Image> all() {
        return rows.keySet().stream().map(ref -> find(ref).orElseThrow()).toList();
    }

    @Override
    public Optional<Image> find(ImageRef ref) {
        return Optional.ofNullable(rows.get(ref)).map(this::withAliases);
    }

    private Image withAliases(Image image) {
        var names = aliases.entrySet().stream()
                .filter(entry -> entry.getValue().equals(image.ref()))
                .map(Map.Entry::getKey)
                .toList();
        return new Image(
                image.id(), image.ref(), image.digest(), image.sizeBytes(), image.labels(), names, image.minimum());
    }

    @Override
    public Optional<Image> findByAlias(String alias, String architecture) {
        return Optional.ofNullable(aliases.get(alias))
                .filter(ref -> ref.architecture().equals(architecture))
                .flatMap(this::find);
    }

    @Override
    public void save(List<Image> images) {
        saves++;
        images.forEach(image -> rows.put(image.ref(), image));
    }

    @Override
    public void alias(String alias, ImageRef target) {
        aliases.put(alias, target);
    }
}
