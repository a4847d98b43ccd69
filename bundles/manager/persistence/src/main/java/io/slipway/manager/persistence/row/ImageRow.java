package io.slipway.manager.persistence.row;

import io.slipway.model.image.Image;
import io.slipway.model.image.ImageRef;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.List;
import java.util.UUID;

/** An image of the catalog. */
@Entity
@Table(name = "images")
@SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // filled by the persistence provider, read by queries
public class ImageRow {

    @Id
    private UUID id;

    private String canonical;
    private String architecture;
    private String digest;

    @Column(name = "size_bytes")
    private long sizeBytes;

    private String labels;
    private String minimum;

    /** For the persistence provider. */
    protected ImageRow() {}

    /** Makes the row of a new image. */
    public ImageRow(Image image) {
        id = image.id();
        canonical = image.ref().canonical();
        architecture = image.ref().architecture();
        describe(image);
    }

    /** Takes what is known of the image now. */
    public final void describe(Image image) {
        digest = image.digest();
        sizeBytes = image.sizeBytes();
        labels = JsonText.of(image.labels());
        minimum = JsonText.of(image.minimum());
    }

    /** Returns the id. */
    public UUID id() {
        return id;
    }

    /** Returns canonical name and architecture. */
    public ImageRef ref() {
        return ImageRef.parse(canonical, architecture);
    }

    /** Returns the value for the ports. */
    public Image toImage(List<String> aliases) {
        return new Image(
                id, ref(), digest, sizeBytes, JsonText.textMap(labels), aliases, JsonText.slotAmounts(minimum));
    }
}
