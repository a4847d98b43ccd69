package io.slipway.manager.store;

import io.slipway.model.identity.AccessKey;
import io.slipway.model.session.SessionId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A session to be admitted, PENDING.
 *
 * @param id its id
 * @param name its name, unique among the owner's live sessions
 * @param owner access key that it counts for
 * @param userId the user behind that key
 * @param domain the user's domain
 * @param projectId its project
 * @param resourceGroup where it may run
 * @param details all that nobody decides on
 * @param kernels its kernels, at least one, the main one first
 * @param createdAt when it was accepted
 */
public record NewSession(
        SessionId id,
        String name,
        AccessKey owner,
        UUID userId,
        String domain,
        UUID projectId,
        String resourceGroup,
        SessionDetails details,
        List<NewKernel> kernels,
        Instant createdAt) {

    /** Copies and refuses sessions without kernels. */
    public NewSession {
        kernels = List.copyOf(kernels);
        if (kernels.isEmpty()) {
            throw new IllegalArgumentException("session " + id + " has no kernel");
        }
    }
}
