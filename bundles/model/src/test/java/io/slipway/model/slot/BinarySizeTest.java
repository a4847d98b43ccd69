package io.slipway.model.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BinarySizeTest {

    @Test
    void readsWhatPeopleWrite() {
        Map.ofEntries(
                        Map.entry("0", 0L),
                        Map.entry("1073741824", 1L << 30),
                        Map.entry("1k", 1024L),
                        Map.entry("512m", 512L << 20),
                        Map.entry("512M", 512L << 20),
                        Map.entry("512mb", 512L << 20),
                        Map.entry("512 MiB", 512L << 20),
                        Map.entry(" 2g ", 2L << 30),
                        Map.entry("1.5g", 3L << 29),
                        Map.entry("1t", 1L << 40),
                        Map.entry("2p", 2L << 50),
                        Map.entry("0.5k", 512L),
                        Map.entry("100b", 100L))
                .forEach((text, bytes) -> assertEquals(bytes, BinarySize.parse(text), text));
    }

    @Test
    void writesForPeople() {
        Map.of(0L, "0", 100L, "100", 1023L, "1023", 1024L, "1k", 512L << 20, "512m", 3L << 29, "1.5g", 1L << 50, "1p")
                .forEach((bytes, text) -> assertEquals(text, BinarySize.text(bytes)));
        assertEquals("1.9m", BinarySize.text((2L << 20) - 1));
        assertEquals("8191.9p", BinarySize.text(Long.MAX_VALUE));
    }

    @Test
    void roundsDownToWholeBytes() {
        assertEquals(1, BinarySize.parse("1.9"));
        assertEquals(1126, BinarySize.parse("1.1k"));
    }

    @Test
    void refusesWhatIsNoSize() {
        for (var bad : List.of("", "m", "-1", "+1", "1e3", "1 k m", "1x", "0x10", "1,5g", ".5g", "1.", "NaN", "1kk")) {
            var error = assertThrows(IllegalArgumentException.class, () -> BinarySize.parse(bad), bad);
            assertTrue(error.getMessage().contains("'" + bad + "'"), error.getMessage());
        }
    }

    @Test
    void refusesWhatIsTooLong() {
        assertThrows(IllegalArgumentException.class, () -> BinarySize.parse("1".repeat(65)));
    }

    @Test
    void knowsTheLargestSize() {
        assertEquals(Long.MAX_VALUE, BinarySize.parse("9223372036854775807"));
        assertThrows(IllegalArgumentException.class, () -> BinarySize.parse("9223372036854775808"));
        assertThrows(IllegalArgumentException.class, () -> BinarySize.parse("8192p"));
    }
}
