package io.slipway.manager.api;

import io.slipway.manager.store.SessionRecord;

/**
 * What a creation gave.
 *
 * @param session the session
 * @param isNew false if a live one of the same name is reused
 */
public record CreatedSession(SessionRecord session, boolean isNew) {}
