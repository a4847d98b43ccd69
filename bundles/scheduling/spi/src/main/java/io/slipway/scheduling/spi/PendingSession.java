package io.slipway.scheduling.spi;

import io.slipway.model.session.SessionId;
import io.slipway.model.slot.SlotAmounts;
import java.time.Instant;

/**
 * A session that waits.
 *
 * @param session which
 * @param owner access key of its owner
 * @param project its project's id as text
 * @param priority 0 to 100, the higher the sooner
 * @param createdAt when it was accepted
 * @param request what all its kernels need together
 */
public record PendingSession(
        SessionId session, String owner, String project, int priority, Instant createdAt, SlotAmounts request) {}
