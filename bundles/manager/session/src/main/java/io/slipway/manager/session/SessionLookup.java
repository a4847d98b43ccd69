package io.slipway.manager.session;

import io.slipway.manager.store.SessionRecord;
import io.slipway.manager.store.SessionStore;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.session.SessionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds sessions by what people call them: an id, or an exact name among an owner's. */
final class SessionLookup {

    private static final Pattern UUID_FORM =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final int LONGEST_REFERENCE = 64;

    private final SessionStore store;

    SessionLookup(SessionStore store) {
        this.store = store;
    }

    /**
     * Returns the one session that is meant.
     *
     * @param alsoDead whether terminal ones count, too; of several the live one is meant, or else the newest
     */
    SessionRecord get(AccessKey owner, String reference, boolean alsoDead) {
        var byId = byId(owner, reference)
                .filter(session -> alsoDead || !session.status().isTerminal());
        if (byId.isPresent()) {
            return byId.get();
        }
        // first the live ones: there is at most one, and it may have taken the name of a dead one that is newer
        var live = byName(owner, reference, true);
        var byName = live.isEmpty() && alsoDead ? byName(owner, reference, false) : live;
        if (byName.isEmpty()) {
            throw SlipwayException.notFound("session", "Session " + shortened(reference) + " not found");
        }
        if (byName.size() > 1 && !alsoDead) {
            var matches = byName.stream().map(SessionLookup::match).toList();
            throw new SlipwayException(
                    FailureCode.TOO_MANY_SESSIONS,
                    byName.size() + " sessions are called " + shortened(reference),
                    Map.of("matches", matches),
                    null);
        }
        return byName.stream()
                .filter(session -> !session.status().isTerminal())
                .findFirst()
                .orElse(byName.getFirst());
    }

    /** Returns every session that could be meant, dead ones as well. */
    List<SessionRecord> match(AccessKey owner, String reference) {
        var result = new ArrayList<SessionRecord>();
        byId(owner, reference).ifPresent(result::add);
        byName(owner, reference, false).stream()
                .filter(session -> !result.contains(session))
                .forEach(result::add);
        return List.copyOf(result);
    }

    private Optional<SessionRecord> byId(AccessKey owner, String reference) {
        return UUID_FORM.matcher(reference).matches()
                ? store.find(SessionId.parse(reference))
                        .filter(session -> session.owner().equals(owner))
                : Optional.empty();
    }

    private List<SessionRecord> byName(AccessKey owner, String reference, boolean onlyLive) {
        return reference.length() > LONGEST_REFERENCE || reference.indexOf('\0') >= 0
                ? List.of()
                : store.findByName(owner, reference, onlyLive);
    }

    private static Map<String, Object> match(SessionRecord session) {
        return Map.of(
                "id", session.id().toString(),
                "name", session.name(),
                "status", session.status().wireName(),
                "created_at", session.createdAt().toString());
    }

    static String shortened(String reference) {
        return reference.length() > LONGEST_REFERENCE ? reference.substring(0, LONGEST_REFERENCE) + "..." : reference;
    }
}
