package io.slipway.manager.persistence;

import java.sql.Types;
import java.util.UUID;
import org.eclipse.persistence.platform.database.PostgreSQL10Platform;
import org.jspecify.annotations.Nullable;

/** PostgreSQL as EclipseLink knows it, but with an absent UUID that is not taken for absent text. */
public final class NativeUuidPostgresqlPlatform extends PostgreSQL10Platform {

    private static final long serialVersionUID = 1L;

    /** Used by EclipseLink. */
    public NativeUuidPostgresqlPlatform() {}

    @Override
    public int getJDBCType(@Nullable Class<?> javaType) {
        return UUID.class.equals(javaType) ? Types.OTHER : super.getJDBCType(javaType);
    }
}
