package io.slipway.manager.persistence.row;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.slipway.manager.store.SessionDetails;
import io.slipway.model.agent.DeviceCapacity;
import io.slipway.model.agent.DeviceId;
import io.slipway.model.kernel.ServicePort;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import io.slipway.model.slot.SlotType;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The one converter between values and the JSON text of columns. Reads what older versions wrote: unknown fields are
 * skipped, lists and maps that are not there are empty.
 */
public final class JsonText {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .withConfigOverride(List.class, list -> list.setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY)))
            .withConfigOverride(Map.class, map -> map.setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY)))
            .addModule(times())
            .build();

    private static final TypeReference<Map<String, String>> TEXT_MAP = new TypeReference<>() {};
    private static final TypeReference<List<String>> TEXT_LIST = new TypeReference<>() {};
    private static final TypeReference<List<ServicePort>> PORTS = new TypeReference<>() {};
    private static final TypeReference<List<StoredDevice>> DEVICES = new TypeReference<>() {};
    private static final TypeReference<SessionDetails> DETAILS = new TypeReference<>() {};

    private JsonText() {}

    private static SimpleModule times() {
        return new SimpleModule()
                .addSerializer(Instant.class, ToStringSerializer.instance)
                .addDeserializer(Instant.class, new Times());
    }

    private static final class Times extends FromStringDeserializer<Instant> {

        private static final long serialVersionUID = 1L;

        Times() {
            super(Instant.class);
        }

        @Override
        protected Instant _deserialize(String text, DeserializationContext context) {
            return Instant.parse(text);
        }
    }

    static String of(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String of(SlotAmounts amounts) {
        var texts = new TreeMap<String, String>();
        amounts.amounts().forEach((slot, amount) -> texts.put(slot.value(), amount.toPlainString()));
        return of((Object) texts);
    }

    static String ofDevices(List<DeviceCapacity> devices) {
        return of(devices.stream().map(StoredDevice::of).toList());
    }

    static String ofSlotTypes(Map<SlotName, SlotType> types) {
        var texts = new TreeMap<String, String>();
        types.forEach((slot, type) -> texts.put(slot.value(), type.name()));
        return of((Object) texts);
    }

    /** Returns amounts by slot. */
    public static SlotAmounts slotAmounts(String json) {
        var amounts = new TreeMap<SlotName, BigDecimal>();
        textMap(json).forEach((slot, amount) -> amounts.put(new SlotName(slot), new BigDecimal(amount)));
        return new SlotAmounts(amounts);
    }

    static Map<SlotName, SlotType> slotTypes(String json) {
        return textMap(json).entrySet().stream()
                .collect(Collectors.toMap(
                        entry -> new SlotName(entry.getKey()), entry -> SlotType.valueOf(entry.getValue())));
    }

    static Map<String, String> textMap(String json) {
        return read(TEXT_MAP, json);
    }

    static List<String> textList(String json) {
        return read(TEXT_LIST, json);
    }

    static List<ServicePort> servicePorts(String json) {
        return read(PORTS, json);
    }

    static List<DeviceCapacity> devices(String json) {
        return read(DEVICES, json).stream().map(StoredDevice::capacity).toList();
    }

    static SessionDetails details(String json) {
        return read(DETAILS, json);
    }

    private static <T> T read(TypeReference<T> type, String json) {
        try {
            return MAPPER.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record StoredDevice(String device, String slot, BigDecimal amount, boolean healthy, int numaNode) {

        static StoredDevice of(DeviceCapacity capacity) {
            return new StoredDevice(
                    capacity.device().value(),
                    capacity.slot().value(),
                    capacity.amount(),
                    capacity.isHealthy(),
                    capacity.numaNode());
        }

        DeviceCapacity capacity() {
            return new DeviceCapacity(new DeviceId(device), new SlotName(slot), amount, healthy, numaNode);
        }
    }
}
