package io.slipway.manager.store;

import io.slipway.model.identity.AccessKey;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionResult;
import io.slipway.model.session.SessionStatus;
import io.slipway.model.slot.SlotAmounts;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A session as stored.
 *
 * @param id its id
 * @param name its name
 * @param owner access key that it counts for
 * @param userId the user behind that key
 * @param userEmail that user's e-mail address
 * @param domain its domain
 * @param projectId its project
 * @param projectName that project's name
 * @param resourceGroup where it runs
 * @param details what it was asked to be
 * @param status its state
 * @param statusInfo why it is in that state or still waits, may be empty
 * @param statusChangedAt since when
 * @param result how its job went
 * @param numQueries how often code was run in it
 * @param createdAt when it was accepted
 * @param scheduledAt when it was last placed, or null
 * @param terminatedAt when it became terminal, or null
 * @param kernels its kernels, the main one first
 */
public record SessionRecord(
        SessionId id,
        String name,
        AccessKey owner,
        UUID userId,
        String userEmail,
        String domain,
        UUID projectId,
        String projectName,
        String resourceGroup,
        SessionDetails details,
        SessionStatus status,
        String statusInfo,
        Instant statusChangedAt,
        SessionResult result,
        long numQueries,
        Instant createdAt,
        @Nullable Instant scheduledAt,
        @Nullable Instant terminatedAt,
        List<KernelRecord> kernels) {

    /** Copies. */
    public SessionRecord {
        kernels = List.copyOf(kernels);
    }

    /** Returns the kernel that code runs in. */
    public KernelRecord mainKernel() {
        return kernels.getFirst();
    }

    /** Returns what all kernels ask for together. */
    public SlotAmounts requestedSlots() {
        return kernels.stream().map(KernelRecord::request).reduce(SlotAmounts.NONE, SlotAmounts::plus);
    }

    /** Returns what all kernels hold now. */
    public SlotAmounts occupiedSlots() {
        return kernels.stream().map(KernelRecord::occupied).reduce(SlotAmounts.NONE, SlotAmounts::plus);
    }
}
