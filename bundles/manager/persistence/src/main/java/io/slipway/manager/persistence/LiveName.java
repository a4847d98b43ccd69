package io.slipway.manager.persistence;

import io.slipway.manager.persistence.row.SessionRow;
import io.slipway.manager.store.NewSession;
import io.slipway.manager.store.SessionRecord;

/**
 * What is unique among live sessions.
 *
 * @param owner access key
 * @param name the session's name as it is stored
 */
record LiveName(String owner, String name) {

    static LiveName of(SessionRecord session) {
        return new LiveName(session.owner().value(), session.name());
    }

    static LiveName of(NewSession session) {
        return new LiveName(session.owner().value(), SessionRow.storedName(session.name()));
    }
}
