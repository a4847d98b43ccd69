package io.slipway.manager.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.manager.persistence.row.RowClasses;
import jakarta.persistence.Entity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.persistence.internal.weaving.PersistenceWeaved;
import org.junit.jupiter.api.Test;

/** What would otherwise be noticed late: entities that are not woven, migrations without twin, ids that do not grow. */
class BuildTest {

    private static final Pattern LISTED = Pattern.compile("<class>([^<]+)</class>");

    @Test
    void everyEntityIsWovenWhenItIsBuilt() {
        for (var type : RowClasses.ALL) {
            if (type.isAnnotationPresent(Entity.class)) {
                assertTrue(PersistenceWeaved.class.isAssignableFrom(type), type + " is not woven");
            }
        }
    }

    @Test
    void theWeaverKnowsTheSameClasses() throws Exception {
        var text = Files.readString(Path.of("src/main/weaving/META-INF/persistence.xml"));
        var listed = LISTED.matcher(text).results().map(found -> found.group(1)).toList();
        assertEquals(RowClasses.ALL.stream().map(Class::getName).toList(), listed);
    }

    @Test
    void everyMigrationOfOneDatabaseHasATwinForTheOther() throws Exception {
        assertEquals(names("h2"), names("postgresql"));
        var common = names("common");
        common.retainAll(names("h2"));
        assertEquals(new TreeSet<>(), common);
    }

    private static Set<String> names(String folder) throws Exception {
        try (var files = Files.list(Path.of("src/main/resources/db/migration", folder))) {
            var names = new TreeSet<String>();
            files.forEach(file -> names.add(file.getFileName().toString()));
            return names;
        }
    }

    @Test
    void eachKindOfTestDatabaseIsWhatItSays() {
        for (var kind : DatabaseKind.all()) {
            Object version = kind.shared()
                    .transactions()
                    .read(entities -> entities.createNativeQuery(
                                    switch (kind) {
                                        case H2_FILE -> "SELECT H2VERSION()";
                                        case POSTGRESQL -> "SELECT version()";
                                    })
                            .getSingleResult());
            assertTrue(version.toString().startsWith(kind == DatabaseKind.H2_FILE ? "2." : "PostgreSQL"));
        }
    }

    @Test
    void idsOfOneMakerGrowAndNeverRepeat() {
        var now = Instant.parse("2026-01-01T00:00:00Z");
        var ids = new TimeOrderedIds(() -> now, new Random(1));
        var seen = new HashSet<UUID>();
        var last = "";
        for (int i = 0; i < 20_000; i++) {
            var id = ids.next();
            assertTrue(seen.add(id));
            assertEquals(7, id.version());
            assertEquals(2, id.variant());
            assertTrue(id.toString().compareTo(last) > 0);
            last = id.toString();
        }
    }
}
