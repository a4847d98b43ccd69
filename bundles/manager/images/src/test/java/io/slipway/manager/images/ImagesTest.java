package io.slipway.manager.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.agent.api.AgentImage;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.image.ImageRef;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ImagesTest {

    private static final ImageRef PYTHON = new ImageRef("local", "python", "3", "x86_64");
    private static final ImageRef OTHER = new ImageRef("local", "other", "1", "x86_64");

    private final MemoryImageStore store = new MemoryImageStore();
    private final OneAgentDirectory directory = new OneAgentDirectory();
    private final StoredImageCatalog catalog = new StoredImageCatalog(store);
    private final ImageDiscovery discovery =
            new ImageDiscovery(store, directory, Map.of("python", "local/python:3"), Duration.ofHours(1));

    @AfterEach
    void stop() {
        discovery.stop();
    }

    private static AgentImage image(ImageRef ref, String digest, Map<String, String> labels) {
        return new AgentImage(ref, digest, 10, labels);
    }

    @Test
    void findsWhatAgentsHaveByNameAndAlias() {
        directory.has(image(PYTHON, "d1", Map.of("ai.backend.resource.min.mem", "128m")));
        assertTrue(discovery.look());
        var image = catalog.resolve("local/python:3", "x86_64");
        assertEquals(image, catalog.resolve("python", "x86_64"));
        assertEquals(image, catalog.resolve("python", ""));
        assertEquals(1, catalog.images().size());
        assertEquals(
                SlotAmounts.of(Map.of(SlotName.CPU, BigDecimal.ONE, SlotName.MEM, BigDecimal.valueOf(128L << 20))),
                image.minimum());
    }

    @Test
    void writesOnlyWhatChangedAndKeepsTheId() {
        directory.has(image(PYTHON, "d1", Map.of()));
        discovery.look();
        var id = catalog.resolve("python", "x86_64").id();
        discovery.look();
        assertEquals(1, store.saves);
        directory.has(image(PYTHON, "d2", Map.of()), image(OTHER, "d1", Map.of()));
        discovery.look();
        assertEquals(2, store.saves);
        assertEquals(id, catalog.resolve("python", "x86_64").id());
        assertEquals("d2", catalog.resolve("python", "x86_64").digest());
    }

    @Test
    void leavesAliasesThatOperatorsGave() {
        directory.has(image(OTHER, "d1", Map.of()));
        discovery.look();
        store.alias("python", OTHER);
        directory.has(image(OTHER, "d1", Map.of()), image(PYTHON, "d1", Map.of()));
        discovery.look();
        assertEquals(OTHER, catalog.resolve("python", "x86_64").ref());
    }

    @Test
    void asksAgainAfterAFailure() {
        directory.has(image(PYTHON, "d1", Map.of()));
        directory.isFailing = true;
        assertFalse(discovery.look());
        directory.isFailing = false;
        assertTrue(discovery.look());
        assertEquals(PYTHON, catalog.resolve("python", "x86_64").ref());
    }

    @Test
    void scansWhenAskedAndSaysWhatItTook() {
        directory.has(image(PYTHON, "d1", Map.of()));
        discovery.look();
        directory.has(image(PYTHON, "d1", Map.of()), image(OTHER, "d1", Map.of()));
        var report = discovery.scan();
        assertEquals(List.of("local/other:1"), report.taken());
        assertEquals(1, report.unchanged());
        directory.isFailing = true;
        assertEquals("engine is down", discovery.scan().failures().getFirst().reason());
    }

    @Test
    void findsImagesOfDockersOwnRegistryByTheirShortNames() {
        var library = new ImageRef("docker.io", "library/busybox", "latest", "x86_64");
        var team = new ImageRef("docker.io", "team/tool", "1", "x86_64");
        directory.has(image(library, "d1", Map.of()), image(team, "d1", Map.of()), image(PYTHON, "d1", Map.of()));
        discovery.look();
        assertEquals(library, catalog.resolve("busybox", "x86_64").ref());
        assertEquals(library, catalog.resolve("busybox:latest", "x86_64").ref());
        assertEquals(team, catalog.resolve("team/tool:1", "x86_64").ref());
        assertEquals(PYTHON, catalog.resolve("python", "x86_64").ref());
        assertThrows(SlipwayException.class, () -> catalog.resolve("team/tool:2", "x86_64"));
    }

    @Test
    void hearsOfChangesByItself() throws InterruptedException {
        discovery.start();
        directory.has(image(PYTHON, "d1", Map.of()));
        directory.tell();
        var end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (directory.asked.get() == 0 && System.nanoTime() < end) {
            Thread.sleep(5);
        }
        discovery.stop();
        assertEquals(PYTHON, catalog.resolve("python", "x86_64").ref());
    }

    @Test
    void saysWhichImageIsUnknown() {
        for (var name : new String[] {"nothing", "local/python:4", "", "x".repeat(600), "../../etc"}) {
            var failure = assertThrows(SlipwayException.class, () -> catalog.resolve(name, "x86_64"));
            assertEquals(FailureCode.NOT_FOUND, failure.code());
            assertEquals("image reference", failure.data().get("object"));
        }
    }

    @Test
    void ignoresLabelsThatMakeNoSense() {
        var minimum = ImageMinimum.of(
                "x",
                Map.of(
                        "ai.backend.resource.min.cpu", "many",
                        "ai.backend.resource.min.cuda.device", "2",
                        "ai.backend.resource.min.BAD SLOT", "1",
                        "ai.backend.resource.min.mem", "1.5g",
                        "other", "1"));
        assertEquals(
                SlotAmounts.of(Map.of(
                        SlotName.CPU,
                        BigDecimal.ONE,
                        SlotName.MEM,
                        BigDecimal.valueOf(3L << 29),
                        new SlotName("cuda.device"),
                        BigDecimal.TWO)),
                minimum);
    }

    @Test
    void readsAliases() {
        assertEquals(Map.of("a", "b/c:1"), ImageDiscovery.aliases(new String[] {"a = b/c:1", ""}));
        assertThrows(IllegalArgumentException.class, () -> ImageDiscovery.aliases(new String[] {"a"}));
    }
}
