package io.slipway.manager.persistence.row;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** That a domain may use a resource group. */
@Entity
@Table(name = "resource_group_domains")
@IdClass(GroupDomainRow.Key.class)
@SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // filled by the persistence provider, read by queries
public class GroupDomainRow {

    @Id
    @Column(name = "resource_group")
    private String resourceGroup;

    @Id
    @Column(name = "domain")
    private String domain;

    /** For the persistence provider. */
    protected GroupDomainRow() {}

    /** Makes a row. */
    public GroupDomainRow(String resourceGroup, String domain) {
        this.resourceGroup = resourceGroup;
        this.domain = domain;
    }

    /** The key of a row. */
    @SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // filled by the persistence provider, read by queries
    public static class Key implements Serializable {

        private static final long serialVersionUID = 1L;

        private String resourceGroup;
        private String domain;

        /** For the persistence provider. */
        public Key() {}

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && resourceGroup.equals(key.resourceGroup) && domain.equals(key.domain);
        }

        @Override
        public int hashCode() {
            return Objects.hash(resourceGroup, domain);
        }
    }
}
