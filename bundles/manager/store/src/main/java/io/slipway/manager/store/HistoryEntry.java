package io.slipway.manager.store;

import java.time.Instant;

/**
 * One move in the past.
 *
 * @param subject {@code session} or {@code kernel:} and its id
 * @param from state before, empty at creation
 * @param to state after
 * @param reason why
 * @param at when
 */
public record HistoryEntry(String subject, String from, String to, String reason, Instant at) {}
