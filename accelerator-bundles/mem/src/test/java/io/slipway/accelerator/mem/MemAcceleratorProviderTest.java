package io.slipway.accelerator.mem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.accelerator.spi.AcceleratorException;
import io.slipway.accelerator.spi.AcceleratorProvider;
import io.slipway.accelerator.testkit.AcceleratorProviderContract;
import io.slipway.model.slot.SlotName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemAcceleratorProviderTest extends AcceleratorProviderContract {

    @TempDir
    private Path folder;

    private Path meminfo;

    @BeforeEach
    void recordAFile() throws IOException {
        meminfo = Files.writeString(
                folder.resolve("meminfo"), "MemTotal:       24667136 kB\nMemFree:        22000000 kB\n");
    }

    @Override
    protected AcceleratorProvider provider() {
        return new MemAcceleratorProvider(meminfo, "1g", "");
    }

    @Test
    void keepsTheReserveBack() throws AcceleratorException {
        assertEquals((24667136L << 10) - (1L << 30), capacity(provider()));
    }

    @Test
    void keepsAtMostHalfBack() throws AcceleratorException {
        assertEquals((24667136L << 10) / 2, capacity(new MemAcceleratorProvider(meminfo, "100g", "")));
    }

    @Test
    void declaresMoreThanThereIs() throws AcceleratorException {
        assertEquals(1L << 40, capacity(new MemAcceleratorProvider(meminfo, "1g", "1t")));
    }

    @Test
    void saysWhatItCouldNotRead() throws IOException {
        var missing = new MemAcceleratorProvider(folder.resolve("nowhere"), "1g", "");
        assertTrue(assertThrows(AcceleratorException.class, missing::inventory)
                .getMessage()
                .contains("nowhere"));
        Files.writeString(meminfo, "nothing\n");
        assertTrue(assertThrows(AcceleratorException.class, () -> provider().inventory())
                .getMessage()
                .contains("MemTotal"));
    }

    @Test
    void refusesBadSizes() {
        assertThrows(IllegalArgumentException.class, () -> new MemAcceleratorProvider(meminfo, "lots", ""));
    }

    private static long capacity(AcceleratorProvider provider) throws AcceleratorException {
        return provider.inventory()
                .devices()
                .getFirst()
                .capacity()
                .get(SlotName.MEM)
                .longValueExact();
    }
}
