package io.slipway.accelerator.mock;

import io.slipway.accelerator.spi.Device;
import io.slipway.accelerator.spi.Health;
import io.slipway.model.agent.DeviceId;
import io.slipway.model.slot.BinarySize;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import io.slipway.model.slot.SlotType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Reads the settings: which slots there are and which devices have how much of them. */
final class MockDevices {

    private MockDevices() {}

    /** Reads {@code mock.device=count mock.mem=bytes}. */
    static Map<SlotName, SlotType> slots(String text) {
        var slots = new TreeMap<SlotName, SlotType>();
        for (var word : words(text)) {
            var pair = pair(word);
            slots.put(new SlotName(pair[0]), SlotType.valueOf(pair[1].toUpperCase(Locale.ROOT)));
        }
        if (slots.isEmpty()) {
            throw new IllegalArgumentException("slots names no slot");
        }
        return Map.copyOf(slots);
    }

    /** Reads {@code mock0 mock.device=1 @0; mock1 mock.device=1 ! fell off the bus}; sorted by id. */
    static List<Device> devices(String text, Map<SlotName, SlotType> slots) {
        var devices = new TreeMap<DeviceId, Device>();
        for (var entry : text.split(";", -1)) {
            if (!entry.isBlank()) {
                var device = device(entry.strip(), slots);
                if (devices.put(device.id(), device) != null) {
                    throw new IllegalArgumentException("device '" + device.id() + "' is there twice");
                }
            }
        }
        return List.copyOf(devices.values());
    }

    private static Device device(String entry, Map<SlotName, SlotType> slots) {
        var fault = entry.indexOf('!');
        var health = fault < 0
                ? new Health.Healthy()
                : new Health.Unhealthy(entry.substring(fault + 1).strip());
        var words = words(fault < 0 ? entry : entry.substring(0, fault));
        var amounts = new TreeMap<SlotName, BigDecimal>();
        var numaNode = -1;
        for (var word : words.subList(1, words.size())) {
            if (word.startsWith("@")) {
                numaNode = Integer.parseInt(word, 1, word.length(), 10);
            } else {
                var pair = pair(word);
                var slot = new SlotName(pair[0]);
                amounts.put(slot, amount(slot, pair[1], slots));
            }
        }
        if (amounts.isEmpty()) {
            throw new IllegalArgumentException("device '" + entry + "' has nothing to give");
        }
        return new Device(
                new DeviceId(words.getFirst()), "simulated device", SlotAmounts.of(amounts), health, numaNode);
    }

    private static BigDecimal amount(SlotName slot, String text, Map<SlotName, SlotType> slots) {
        var type = slots.get(slot);
        if (type == null) {
            throw new IllegalArgumentException("slot '" + slot + "' is not one of " + slots.keySet());
        }
        var amount = type == SlotType.BYTES ? BigDecimal.valueOf(BinarySize.parse(text)) : new BigDecimal(text);
        if (amount.signum() <= 0) {
            throw new IllegalArgumentException(slot + "=" + text + " is not above zero");
        }
        return amount;
    }

    private static List<String> words(String text) {
        var words = new ArrayList<>(List.of(text.strip().split("\\s+", -1)));
        words.removeIf(String::isEmpty);
        return words;
    }

    private static String[] pair(String word) {
        var pair = word.split("=", -1);
        if (pair.length != 2) {
            throw new IllegalArgumentException("'" + word + "' is not of the form NAME=VALUE");
        }
        return pair;
    }
}
