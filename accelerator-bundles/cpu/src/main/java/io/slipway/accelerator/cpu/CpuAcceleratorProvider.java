package io.slipway.accelerator.cpu;

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
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Every core that is online and that this process may use is a device of capacity one. */
@Component(
        service = AcceleratorProvider.class,
        property = "slipway.plugin.id=cpu",
        configurationPid = "io.slipway.accelerator.cpu")
@Designate(ocd = CpuAcceleratorProvider.Config.class)
public final class CpuAcceleratorProvider implements AcceleratorProvider, SelfCheck {

    /** Operator settings. */
    @ObjectClassDefinition(name = "Slipway accelerator cpu")
    public @interface Config {
        /** Cores kept for the system. */
        @AttributeDefinition(
                description = "So many cores, the first ones, are kept for the system; 0 keeps none",
                min = "0")
        int reservedCores() default 0;

        /** Cores to declare. */
        @AttributeDefinition(
                description = "Say that there are so many cores, whatever the node has; 0 tells the truth",
                min = "0")
        int declaredCores() default 0;
    }

    private static final Map<SlotName, SlotType> SLOTS = Map.of(SlotName.CPU, SlotType.COUNT);

    private final CpuTopology topology;
    private final int reservedCores;
    private final int declaredCores;

    /** Used by the component runtime. */
    @Activate
    public CpuAcceleratorProvider(Config config) {
        this(new CpuTopology(Path.of("/")), config.reservedCores(), config.declaredCores());
    }

    CpuAcceleratorProvider(CpuTopology topology, int reservedCores, int declaredCores) {
        if (reservedCores < 0 || declaredCores < 0) {
            throw new IllegalArgumentException(
                    "reservedCores=" + reservedCores + ", declaredCores=" + declaredCores + ": neither may be below 0");
        }
        this.topology = topology;
        this.reservedCores = reservedCores;
        this.declaredCores = declaredCores;
    }

    @Override
    public Map<SlotName, SlotType> slots() {
        return SLOTS;
    }

    @Override
    public List<String> selfCheck() {
        try {
            inventory();
            return List.of();
        } catch (AcceleratorException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Inventory inventory() throws AcceleratorException {
        return new Inventory(cores().entrySet().stream()
                .map(core -> new Device(
                        new DeviceId(core.getKey().toString()),
                        "core",
                        SlotAmounts.of(SlotName.CPU, BigDecimal.ONE),
                        new Health.Healthy(),
                        core.getValue()))
                .sorted(java.util.Comparator.comparing(Device::id))
                .toList());
    }

    @Override
    public ContainerGrant grant(List<DeviceAllocation> allocations) {
        var known = knownCores();
        for (var allocation : allocations) {
            if (!allocation.slot().equals(SlotName.CPU) || !known.containsKey(number(allocation.device()))) {
                throw new IllegalArgumentException(
                        "no core '" + allocation.device() + "'; cores are " + known.keySet());
            }
        }
        var areWhole = allocations.stream().allMatch(a -> a.amount().compareTo(BigDecimal.ONE) == 0);
        if (declaredCores > 0 || !areWhole) {
            return ContainerGrant.NOTHING; // such a core may not exist, or is shared: time is limited, not place
        }
        return new ContainerGrant(
                Map.of(),
                List.of(),
                Map.of(),
                allocations.stream().map(a -> number(a.device())).sorted().toList());
    }

    private SortedMap<Integer, Integer> cores() throws AcceleratorException {
        if (declaredCores > 0) {
            return new TreeMap<>(IntStream.range(0, declaredCores)
                    .boxed()
                    .collect(java.util.stream.Collectors.toMap(core -> core, core -> -1)));
        }
        try {
            var cores = new TreeMap<>(topology.usableCores());
            for (var i = 0; i < reservedCores && !cores.isEmpty(); i++) {
                cores.pollFirstEntry();
            }
            return cores;
        } catch (IOException | NumberFormatException e) {
            throw new AcceleratorException(
                    "cannot read the cores from " + topology.system() + ": " + e.getMessage(), e);
        }
    }

    private SortedMap<Integer, Integer> knownCores() {
        try {
            return cores();
        } catch (AcceleratorException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static int number(DeviceId device) {
        return device.value().matches("[0-9]{1,9}") ? Integer.parseInt(device.value()) : -1;
    }
}
