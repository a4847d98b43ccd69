package io.slipway.manager.persistence;

import io.slipway.manager.persistence.row.DomainRow;
import io.slipway.manager.persistence.row.GroupDomainRow;
import io.slipway.manager.persistence.row.GroupProjectRow;
import io.slipway.manager.persistence.row.ImageAliasRow;
import io.slipway.manager.persistence.row.ImageRow;
import io.slipway.manager.persistence.row.KeypairPolicyRow;
import io.slipway.manager.persistence.row.KeypairRow;
import io.slipway.manager.persistence.row.ProjectMemberRow;
import io.slipway.manager.persistence.row.ProjectRow;
import io.slipway.manager.persistence.row.ResourceGroupRow;
import io.slipway.manager.persistence.row.UserRow;
import java.util.List;
import java.util.Map;
import org.eclipse.persistence.sessions.Session;
import org.eclipse.persistence.sessions.SessionCustomizer;

/** Tells EclipseLink which rows must be there before others: rows refer to each other by plain ids, which it cannot see. */
public final class InsertOrder implements SessionCustomizer {

    private static final Map<Class<?>, List<Class<?>>> PARENTS = Map.ofEntries(
            Map.entry(ProjectRow.class, List.of(DomainRow.class)),
            Map.entry(UserRow.class, List.of(DomainRow.class)),
            Map.entry(KeypairRow.class, List.of(UserRow.class, KeypairPolicyRow.class)),
            Map.entry(ProjectMemberRow.class, List.of(ProjectRow.class, UserRow.class)),
            Map.entry(GroupDomainRow.class, List.of(ResourceGroupRow.class, DomainRow.class)),
            Map.entry(GroupProjectRow.class, List.of(ResourceGroupRow.class, ProjectRow.class)),
            Map.entry(ImageAliasRow.class, List.of(ImageRow.class)));

    /** Used by EclipseLink. */
    public InsertOrder() {}

    @Override
    public void customize(Session session) {
        PARENTS.forEach((row, parents) ->
                parents.forEach(parent -> session.getDescriptor(row).addConstraintDependency(parent)));
    }
}
