package ${package};

import io.slipway.accelerator.spi.AcceleratorException;
import io.slipway.accelerator.spi.AcceleratorProvider;
import io.slipway.accelerator.spi.ContainerGrant;
import io.slipway.accelerator.spi.Device;
import io.slipway.accelerator.spi.Health;
import io.slipway.accelerator.spi.Inventory;
import io.slipway.model.agent.DeviceAllocation;
import io.slipway.model.agent.DeviceId;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import io.slipway.model.slot.SlotType;
import io.slipway.plugin.api.SelfCheck;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Devices that are nodes in a folder, such as {@code /dev/card0}; a container gets the nodes that it was granted. It keeps
 * no state: after a restart or a swap the same devices are found again by their names.
 */
@Component(
        service = AcceleratorProvider.class,
        property = "slipway.plugin.id=${pluginId}",
        configurationPid = "${package}")
@Designate(ocd = DeviceProvider.Config.class)
public final class DeviceProvider implements AcceleratorProvider, SelfCheck {

    private static final SlotName SLOT = new SlotName("${pluginId}.device");

    /** Operator settings: {@code etc/${package}.cfg}. */
    @ObjectClassDefinition(name = "Accelerator ${pluginId}")
    public @interface Config {
        @AttributeDefinition(description = "The folder with the device nodes")
        String folder() default "/dev";

        @AttributeDefinition(description = "Which of them are devices: a pattern such as card[0-9]*")
        String names() default "{null,zero}";
    }

    private final Path folder;
    private final String names;

    @Activate
    public DeviceProvider(Config config) {
        this(Path.of(config.folder()), config.names());
    }

    DeviceProvider(Path folder, String names) {
        this.folder = folder;
        this.names = names;
    }

    @Override
    public List<String> selfCheck() {
        return Files.isDirectory(folder) ? List.of() : List.of("there is no folder " + folder);
    }

    @Override
    public Map<SlotName, SlotType> slots() {
        return Map.of(SLOT, SlotType.COUNT);
    }

    @Override
    public Inventory inventory() throws AcceleratorException {
        var devices = new ArrayList<Device>();
        try (var nodes = Files.newDirectoryStream(folder, names)) {
            for (var node : nodes) {
                devices.add(device(node));
            }
        } catch (NoSuchFileException e) {
            return new Inventory(List.of());
        } catch (IOException e) {
            throw new AcceleratorException("cannot list the devices in " + folder + ": " + e, e);
        }
        devices.sort(Comparator.comparing(Device::id));
        return new Inventory(devices);
    }

    private static Device device(Path node) {
        var health = Files.isReadable(node) ? new Health.Healthy() : new Health.Unhealthy("not readable");
        var one = SlotAmounts.of(SLOT, BigDecimal.ONE);
        return new Device(new DeviceId(node.getFileName().toString()), "device node", one, health, -1);
    }

    @Override
    public ContainerGrant grant(List<DeviceAllocation> allocations) {
        var nodes = allocations.stream().map(this::node).sorted().toList();
        var names = nodes.stream().collect(Collectors.joining(","));
        return new ContainerGrant(Map.of("GRANTED_DEVICES", names), nodes, Map.of(), List.of());
    }

    private String node(DeviceAllocation allocation) {
        var node = folder.resolve(allocation.device().value());
        if (!allocation.slot().equals(SLOT) || !Files.exists(node)) {
            throw new IllegalArgumentException("no " + allocation.slot() + " on '" + allocation.device() + "'");
        }
        return node.toString();
    }
}
