package io.slipway.manager.persistence.row;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Hands UUIDs to the driver as they are; both databases have a type for them. EclipseLink's own conversion goes through text
 * and fails for null.
 */
@Converter(autoApply = true)
public final class NativeUuid implements AttributeConverter<UUID, UUID> {

    /** Used by EclipseLink. */
    public NativeUuid() {}

    @Override
    public @Nullable UUID convertToDatabaseColumn(@Nullable UUID value) {
        return value;
    }

    @Override
    public @Nullable UUID convertToEntityAttribute(@Nullable UUID value) {
        return value;
    }
}
