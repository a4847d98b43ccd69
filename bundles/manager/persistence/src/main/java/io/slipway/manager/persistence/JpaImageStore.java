package io.slipway.manager.persistence;

import io.slipway.manager.persistence.row.ImageAliasKey;
import io.slipway.manager.persistence.row.ImageAliasRow;
import io.slipway.manager.persistence.row.ImageRow;
import io.slipway.manager.store.ImageStore;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.image.Image;
import io.slipway.model.image.ImageRef;
import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Keeps the catalog of images in tables. */
@Component
public final class JpaImageStore implements ImageStore {

    private final Transactions transactions;
    private final Writes writes;

    /** Used by the component runtime. */
    @Activate
    public JpaImageStore(@Reference Database database) {
        this.transactions = database.transactions();
        this.writes = database.writes();
    }

    @Override
    public List<Image> all() {
        return transactions.read(entities -> images(
                entities,
                entities.createQuery("SELECT i FROM ImageRow i ORDER BY i.canonical, i.architecture", ImageRow.class)
                        .getResultList()));
    }

    @Override
    public Optional<Image> find(ImageRef ref) {
        return transactions.read(
                entities -> images(entities, rows(entities, ref)).stream().findFirst());
    }

    @Override
    public Optional<Image> findByAlias(String alias, String architecture) {
        return transactions.read(entities -> {
            var row = entities.find(ImageAliasRow.class, new ImageAliasKey(alias, architecture));
            if (row == null) {
                return Optional.<Image>empty();
            }
            var image = entities.find(ImageRow.class, row.imageId());
            return images(entities, image == null ? List.of() : List.of(image)).stream()
                    .findFirst();
        });
    }

    @Override
    public void save(List<Image> images) {
        writes.write(entities -> {
            var sorted = new ArrayList<>(images);
            sorted.sort(Comparator.comparing(image -> image.ref().toString()));
            for (var image : sorted) {
                var known = rows(entities, image.ref());
                if (known.isEmpty()) {
                    entities.persist(new ImageRow(image));
                    image.aliases().forEach(alias -> point(entities, alias, image.ref(), image.id()));
                } else {
                    known.getFirst().describe(image);
                }
            }
            return sorted.size();
        });
    }

    @Override
    public void alias(String alias, ImageRef target) {
        writes.write(entities -> {
            var image = rows(entities, target).stream()
                    .findFirst()
                    .orElseThrow(() -> SlipwayException.notFound("image reference", "No image " + target));
            point(entities, alias, target, image.id());
            return image;
        });
    }

    private static void point(EntityManager entities, String alias, ImageRef ref, UUID image) {
        var row = entities.find(ImageAliasRow.class, new ImageAliasKey(alias, ref.architecture()));
        if (row == null) {
            entities.persist(new ImageAliasRow(alias, ref.architecture(), image));
        } else {
            row.pointTo(image);
        }
    }

    private static List<ImageRow> rows(EntityManager entities, ImageRef ref) {
        return entities.createQuery(
                        "SELECT i FROM ImageRow i WHERE i.canonical = :canonical AND i.architecture = :architecture",
                        ImageRow.class)
                .setParameter("canonical", ref.canonical())
                .setParameter("architecture", ref.architecture())
                .getResultList();
    }

    private static List<Image> images(EntityManager entities, List<ImageRow> rows) {
        var aliases = new HashMap<UUID, List<String>>();
        for (var part : Keys.parts(rows)) {
            entities.createQuery("SELECT a FROM ImageAliasRow a WHERE a.imageId IN :ids", ImageAliasRow.class)
                    .setParameter(
                            "ids", Keys.padded(part.stream().map(ImageRow::id).toList()))
                    .getResultList()
                    .forEach(alias -> aliases.computeIfAbsent(alias.imageId(), id -> new ArrayList<>())
                            .add(alias.alias()));
        }
        return rows.stream()
                .map(row -> row.toImage(aliases.getOrDefault(row.id(), List.of())))
                .toList();
    }
}
