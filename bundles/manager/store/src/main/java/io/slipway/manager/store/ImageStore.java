package io.slipway.manager.store;

import io.slipway.model.image.Image;
import io.slipway.model.image.ImageRef;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** The catalog of images. Thread-safe; calls block; see {@link SessionStore} for failures. */
@ProviderType
public interface ImageStore {

    /** Returns every image with its aliases, sorted by name, without a query per row. */
    List<Image> all();

    /** Returns an image by canonical name and architecture. */
    Optional<Image> find(ImageRef ref);

    /** Returns the image of an alias. */
    Optional<Image> findByAlias(String alias, String architecture);

    /** Stores images by canonical name and architecture: new ones with the id given, known ones keep theirs and their aliases. */
    void save(List<Image> images);

    /** Gives an image a further alias; an alias that named another image names this one from now on. */
    void alias(String alias, ImageRef target);
}
