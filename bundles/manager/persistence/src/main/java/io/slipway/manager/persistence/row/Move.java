package io.slipway.manager.persistence.row;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * That a session or one of its kernels went to another state.
 *
 * @param session which session
 * @param kernel which kernel, or null if it is the session itself
 * @param resourceGroup the session's resource group
 * @param from state before, empty at creation
 * @param to state after
 * @param reason why
 * @param at when
 */
public record Move(
        UUID session, @Nullable UUID kernel, String resourceGroup, String from, String to, String reason, Instant at) {}
