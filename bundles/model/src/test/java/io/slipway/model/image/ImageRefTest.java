package io.slipway.model.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class ImageRefTest {

    private static final String X86 = ImageRef.DEFAULT_ARCHITECTURE;

    @Test
    void readsCanonicalNames() {
        assertEquals(new ImageRef("local", "python", "3", X86), ImageRef.parse("local/python:3", X86));
        assertEquals(
                new ImageRef("registry.example:5000", "stable/python", "3.11-ubuntu22.04", "aarch64"),
                ImageRef.parse("registry.example:5000/stable/python:3.11-ubuntu22.04", "aarch64"));
    }

    @Test
    void writesWhatItRead() {
        for (var text : List.of("local/python:3", "cr.example.org/a/b/c:x_Y.z-1", "h:1/n:t", "noop/noop:latest")) {
            assertEquals(text, ImageRef.parse(text, X86).canonical());
        }
    }

    @Test
    void refusesOtherForms() {
        for (var bad : List.of(
                "",
                "python",
                "python:3",
                "local/python",
                "local/python:",
                "/python:3",
                "local/:3",
                "local/Python:3",
                "local/py thon:3",
                "local/python:3 ",
                "local:x/python:3",
                "local/python:-3",
                "local/python:.3",
                "local/python:" + "3".repeat(129),
                "local/" + "a".repeat(510) + ":3",
                "local/python:3\n")) {
            assertThrows(IllegalArgumentException.class, () -> ImageRef.parse(bad, X86), bad);
        }
    }

    @Test
    void refusesPartsThatMakeNoName() {
        assertThrows(IllegalArgumentException.class, () -> new ImageRef("", "python", "3", X86));
        assertThrows(IllegalArgumentException.class, () -> new ImageRef("local", "python:3", "3", X86));
        assertThrows(IllegalArgumentException.class, () -> new ImageRef("local", "python", "", X86));
        assertThrows(IllegalArgumentException.class, () -> new ImageRef("local", "python", "3", " "));
    }

    @Test
    void theArchitectureIsPartOfTheIdentity() {
        assertEquals(false, ImageRef.parse("local/python:3", X86).equals(ImageRef.parse("local/python:3", "aarch64")));
        assertEquals(
                "local/python:3 (aarch64)",
                ImageRef.parse("local/python:3", "aarch64").toString());
    }
}
