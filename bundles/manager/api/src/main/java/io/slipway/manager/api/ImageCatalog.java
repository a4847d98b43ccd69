package io.slipway.manager.api;

import io.slipway.model.image.Image;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The images that sessions can be made of. Thread-safe; calls block. */
@ProviderType
public interface ImageCatalog {

    /**
     * Finds an image by canonical name, then by alias, then by the short form of a name on Docker's own registry
     * ({@code user/name:tag} and {@code name:tag} for {@code docker.io/user/name:tag} and
     * {@code docker.io/library/name:tag}; {@code latest} if there is no tag).
     *
     * @throws io.slipway.model.failure.SlipwayException NOT_FOUND (object {@code image reference})
     */
    Image resolve(String nameOrAlias, String architecture);

    /** Returns every image, sorted by name. */
    List<Image> images();
}
