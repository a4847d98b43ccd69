package io.slipway.accelerator.spi;

import java.util.List;

/**
 * Every device of a family that is present.
 *
 * @param devices sorted by id
 */
public record Inventory(List<Device> devices) {

    /** Copies. */
    public Inventory {
        devices = List.copyOf(devices);
    }
}
