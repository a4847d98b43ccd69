package io.slipway.manager.images;

import io.slipway.manager.api.ImageCatalog;
import io.slipway.manager.store.ImageStore;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.image.Image;
import io.slipway.model.image.ImageRef;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Finds images in the store. Thread-safe. */
@Component
public final class StoredImageCatalog implements ImageCatalog {

    private static final int LONGEST_NAME = 512;

    private final ImageStore store;

    /** Used by the component runtime. */
    @Activate
    public StoredImageCatalog(@Reference ImageStore store) {
        this.store = store;
    }

    @Override
    public Image resolve(String nameOrAlias, String architecture) {
        var name = nameOrAlias.strip();
        var wanted = architecture.isBlank() ? ImageRef.DEFAULT_ARCHITECTURE : architecture;
        return canonical(name, wanted)
                .flatMap(store::find)
                .or(() -> byAlias(name, wanted))
                .or(() -> ShortName.canonical(name)
                        .flatMap(longName -> canonical(longName, wanted))
                        .flatMap(store::find))
                .orElseThrow(() -> SlipwayException.notFound(
                        "image reference", "No such image reference: '" + shown(name) + "' for " + shown(wanted)));
    }

    private Optional<Image> byAlias(String name, String architecture) {
        return name.isEmpty() || name.length() > LONGEST_NAME
                ? Optional.empty()
                : store.findByAlias(name, architecture);
    }

    private static Optional<ImageRef> canonical(String name, String architecture) {
        try {
            return Optional.of(ImageRef.parse(name, architecture));
        } catch (IllegalArgumentException e) {
            // an alias, then
            return Optional.empty();
        }
    }

    private static String shown(String text) {
        return text.length() > 80 ? text.substring(0, 80) + "..." : text;
    }

    @Override
    public List<Image> images() {
        return store.all();
    }
}
