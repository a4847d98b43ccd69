package io.slipway.manager.persistence.row;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.util.UUID;

/** A short name of an image, one per architecture. */
@Entity
@Table(name = "image_aliases")
@IdClass(ImageAliasKey.class)
@SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // filled by the persistence provider, read by queries
public class ImageAliasRow {

    @Id
    private String alias;

    @Id
    private String architecture;

    @Column(name = "image_id")
    private UUID imageId;

    /** For the persistence provider. */
    protected ImageAliasRow() {}

    /** Makes a row. */
    public ImageAliasRow(String alias, String architecture, UUID image) {
        this.alias = alias;
        this.architecture = architecture;
        imageId = image;
    }

    /** Names another image from now on. */
    public void pointTo(UUID image) {
        imageId = image;
    }

    /** Returns the short name. */
    public String alias() {
        return alias;
    }

    /** Returns the image. */
    public UUID imageId() {
        return imageId;
    }
}
