package io.slipway.manager.store;

import io.slipway.model.session.SessionId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a session or one of its kernels.
 *
 * @param id grows with time; unique
 * @param session which session
 * @param kernel id text of the kernel, or null if it is the session's own
 * @param resourceGroup the session's resource group
 * @param status name of the state that was reached, such as RUNNING
 * @param reason why
 * @param at when
 */
public record SessionEvent(
        long id,
        SessionId session,
        @Nullable String kernel,
        String resourceGroup,
        String status,
        String reason,
        Instant at) {}
