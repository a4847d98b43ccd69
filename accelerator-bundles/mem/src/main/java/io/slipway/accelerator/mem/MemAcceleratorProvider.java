package io.slipway.accelerator.mem;

import io.slipway.accelerator.spi.AcceleratorException;
import io.slipway.accelerator.spi.AcceleratorProvider;
import io.slipway.accelerator.spi.ContainerGrant;
import io.slipway.accelerator.spi.Device;
import io.slipway.accelerator.spi.Health;
import io.slipway.accelerator.spi.Inventory;
import io.slipway.model.agent.DeviceAllocation;
import io.slipway.model.agent.DeviceId;
import io.slipway.model.slot.BinarySize;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import io.slipway.model.slot.SlotType;
import io.slipway.plugin.api.SelfCheck;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The node's main memory is one device. */
@Component(
        service = AcceleratorProvider.class,
        property = "slipway.plugin.id=mem",
        configurationPid = "io.slipway.accelerator.mem")
@Designate(ocd = MemAcceleratorProvider.Config.class)
public final class MemAcceleratorProvider implements AcceleratorProvider, SelfCheck {

    /** Operator settings. */
    @ObjectClassDefinition(name = "Slipway accelerator mem")
    public @interface Config {
        /** Memory kept for the system. */
        @AttributeDefinition(description = "So much is kept for the system, at most half; a size such as 1g")
        String reserved() default "1g";

        /** Memory to declare. */
        @AttributeDefinition(description = "Say that there is so much, whatever the node has; empty tells the truth")
        String declared() default "";
    }

    private static final DeviceId ROOT = new DeviceId("root");
    private static final Map<SlotName, SlotType> SLOTS = Map.of(SlotName.MEM, SlotType.BYTES);
    private static final Pattern TOTAL = Pattern.compile("(?m)^MemTotal:\\s+([0-9]+) kB$");

    private final Path meminfo;
    private final long reservedBytes;
    private final long declaredBytes;

    /** Used by the component runtime. */
    @Activate
    public MemAcceleratorProvider(Config config) {
        this(Path.of("/proc/meminfo"), config.reserved(), config.declared());
    }

    MemAcceleratorProvider(Path meminfo, String reserved, String declared) {
        this.meminfo = meminfo;
        this.reservedBytes = BinarySize.parse(reserved);
        this.declaredBytes = declared.isBlank() ? 0 : BinarySize.parse(declared);
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
        var capacity = SlotAmounts.of(SlotName.MEM, BigDecimal.valueOf(capacityBytes()));
        return new Inventory(List.of(new Device(ROOT, "main memory", capacity, new Health.Healthy(), -1)));
    }

    @Override
    public ContainerGrant grant(List<DeviceAllocation> allocations) {
        for (var allocation : allocations) {
            if (!allocation.device().equals(ROOT) || !allocation.slot().equals(SlotName.MEM)) {
                throw new IllegalArgumentException("no memory '" + allocation.device() + "'; there is only " + ROOT);
            }
        }
        return ContainerGrant.NOTHING;
    }

    private long capacityBytes() throws AcceleratorException {
        if (declaredBytes > 0) {
            return declaredBytes;
        }
        var total = totalBytes();
        return total - Math.min(reservedBytes, total / 2);
    }

    private long totalBytes() throws AcceleratorException {
        try {
            var matcher = TOTAL.matcher(Files.readString(meminfo));
            if (!matcher.find()) {
                throw new AcceleratorException(meminfo + " has no line MemTotal");
            }
            return Long.parseLong(matcher.group(1)) << 10;
        } catch (IOException e) {
            throw new AcceleratorException("cannot read " + meminfo + ": " + e.getMessage(), e);
        }
    }
}
