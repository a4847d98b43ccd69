package io.slipway.manager.api;

import io.slipway.model.image.Image;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The images that sessions can be made of. Thread-safe; calls block. */
@ProviderType
public interface ImageCatalog {

    /**
     * Finds an image by canonical name, then by alias.
     *
     * @throws io.slipway.model.failure.SlipwayException NOT_FOUND (object {@code image reference})
     */
    Image resolve(String nameOrAlias, String architecture);

    /** Returns every image, sorted by name. */
    List<Image> images();
}
