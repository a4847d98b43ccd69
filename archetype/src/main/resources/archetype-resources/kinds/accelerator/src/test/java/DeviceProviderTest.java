package ${package};

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slipway.accelerator.spi.AcceleratorProvider;
import io.slipway.accelerator.testkit.AcceleratorProviderContract;
import io.slipway.model.agent.DeviceId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every accelerator does, and what this one does beyond. */
class DeviceProviderTest extends AcceleratorProviderContract {

    @TempDir
    private Path folder;

    @BeforeEach
    void makeNodes() throws Exception {
        for (var name : List.of("card1", "card0", "other")) {
            Files.createFile(folder.resolve(name));
        }
    }

    @Override
    protected AcceleratorProvider provider() {
        return new DeviceProvider(folder, "card[0-9]*");
    }

    @Test
    void findsTheNodesOfItsPattern() throws Exception {
        var ids = provider().inventory().devices().stream()
                .map(device -> device.id())
                .toList();
        assertEquals(List.of(new DeviceId("card0"), new DeviceId("card1")), ids);
    }

    @Test
    void saysWhenItsFolderIsMissing() {
        var gone = folder.resolve("gone");
        assertEquals(List.of("there is no folder " + gone), new DeviceProvider(gone, "*").selfCheck());
    }
}
