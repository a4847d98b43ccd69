package io.slipway.manager.persistence.row;

import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The key of an {@link ImageAliasRow}. */
@SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // filled by the persistence provider, read by queries
public class ImageAliasKey implements Serializable {

    private static final long serialVersionUID = 1L;

    private String alias;
    private String architecture;

    /** For the persistence provider. */
    public ImageAliasKey() {}

    /** Makes a key to look with. */
    public ImageAliasKey(String alias, String architecture) {
        this.alias = alias;
        this.architecture = architecture;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ImageAliasKey key && alias.equals(key.alias) && architecture.equals(key.architecture);
    }

    @Override
    public int hashCode() {
        return Objects.hash(alias, architecture);
    }
}
