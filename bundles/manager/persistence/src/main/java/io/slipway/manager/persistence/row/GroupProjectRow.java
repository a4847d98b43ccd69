package io.slipway.manager.persistence.row;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** That a project may use a resource group. */
@Entity
@Table(name = "resource_group_projects")
@IdClass(GroupProjectRow.Key.class)
@SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // filled by the persistence provider, read by queries
public class GroupProjectRow {

    @Id
    @Column(name = "resource_group")
    private String resourceGroup;

    @Id
    @Column(name = "project_id")
    private UUID projectId;

    /** For the persistence provider. */
    protected GroupProjectRow() {}

    /** Makes a row. */
    public GroupProjectRow(String resourceGroup, UUID projectId) {
        this.resourceGroup = resourceGroup;
        this.projectId = projectId;
    }

    /** The key of a row. */
    @SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // filled by the persistence provider, read by queries
    public static class Key implements Serializable {

        private static final long serialVersionUID = 1L;

        private String resourceGroup;
        private UUID projectId;

        /** For the persistence provider. */
        public Key() {}

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key
                    && resourceGroup.equals(key.resourceGroup)
                    && projectId.equals(key.projectId);
        }

        @Override
        public int hashCode() {
            return Objects.hash(resourceGroup, projectId);
        }
    }
}
