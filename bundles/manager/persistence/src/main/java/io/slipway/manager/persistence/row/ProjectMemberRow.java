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

/** That a user is a member of a project. */
@Entity
@Table(name = "project_members")
@IdClass(ProjectMemberRow.Key.class)
@SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // filled by the persistence provider, read by queries
public class ProjectMemberRow {

    @Id
    @Column(name = "project_id")
    private UUID projectId;

    @Id
    @Column(name = "user_id")
    private UUID userId;

    /** For the persistence provider. */
    protected ProjectMemberRow() {}

    /** Makes a row. */
    public ProjectMemberRow(UUID projectId, UUID userId) {
        this.projectId = projectId;
        this.userId = userId;
    }

    /** The key of a row. */
    @SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // filled by the persistence provider, read by queries
    public static class Key implements Serializable {

        private static final long serialVersionUID = 1L;

        private UUID projectId;
        private UUID userId;

        /** For the persistence provider. */
        public Key() {}

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && projectId.equals(key.projectId) && userId.equals(key.userId);
        }

        @Override
        public int hashCode() {
            return Objects.hash(projectId, userId);
        }
    }
}
