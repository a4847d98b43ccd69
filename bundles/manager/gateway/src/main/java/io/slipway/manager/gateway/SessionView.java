package io.slipway.manager.gateway;

import io.slipway.manager.api.IdentityService;
import io.slipway.manager.api.SessionService;
import io.slipway.manager.store.SessionRecord;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.identity.Principal;
import io.slipway.model.session.SessionId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions a stream tells of: those that its caller asked for and may see. Superadmins see all, administrators those of
 * their domain, users their own. Who asks by a name means one session: the live one of that name or, as it may have ended
 * while its client was on its way back, the one that ended just now, or else the first that comes. Tests are thread-safe.
 */
final class SessionView implements Predicate<SessionRecord> {

    /** Who comes so long after the end may have been cut off before it. */
    private static final Duration JUST_NOW = Duration.ofMinutes(1);

    private static final int UUID_LENGTH = 36;

    private final EventRoutes.SessionRequest request;
    private final SessionService sessions;
    private final IdentityService identities;
    private final InstantSource clock;
    private volatile Sight sight;
    private volatile @Nullable SessionId meant;

    /**
     * Who looks, and at whose sessions.
     *
     * @param owner whose session a name means; null if all of them are meant
     */
    private record Sight(Principal caller, @Nullable AccessKey owner) {}

    /**
     * Creates one that means what it was asked for.
     *
     * @throws SlipwayException FORBIDDEN if the caller may not act for whom it names, NOT_FOUND if there is no session of
     *     that id that it may see
     */
    SessionView(
            EventRoutes.SessionRequest request,
            Principal caller,
            SessionService sessions,
            IdentityService identities,
            InstantSource clock) {
        this.request = request;
        this.sessions = sessions;
        this.identities = identities;
        this.clock = clock;
        this.meant = request.id().orElse(null);
        this.sight = sight(caller);
        if (meant != null && session().isEmpty()) {
            throw SlipwayException.notFound("session", "Session " + meant + " not found");
        }
    }

    private Sight sight(Principal caller) {
        if (request.id().isPresent() || (!request.isNamed() && request.owner().isEmpty())) {
            return new Sight(caller, null);
        }
        // a name means something only among the sessions of one owner
        return new Sight(caller, identities.owner(caller, request.owner()));
    }

    /** Looks for the session of the name, if it was asked for one. */
    void find() {
        if (request.isNamed() && meant == null) {
            meant = byId().or(this::byName).map(SessionRecord::id).orElse(null);
        }
    }

    /** As everywhere, a name that is an id of a session means that session. */
    private Optional<SessionRecord> byId() {
        if (request.name().length() != UUID_LENGTH) {
            return Optional.empty();
        }
        try {
            return sessions.find(new SessionId(UUID.fromString(request.name()))).filter(this::isVisible);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The newest is the first. */
    private Optional<SessionRecord> byName() {
        var owner = sight.owner();
        if (owner == null) {
            return Optional.empty();
        }
        var found = sessions.match(owner, request.name()).stream().filter(this).toList();
        return found.stream()
                .filter(session -> !session.status().isTerminal())
                .findFirst()
                .or(() -> found.stream().filter(this::hasJustEnded).findFirst());
    }

    private boolean hasJustEnded(SessionRecord session) {
        var end = session.terminatedAt();
        return end != null && end.isAfter(clock.instant().minus(JUST_NOW));
    }

    /** Looks at the rights anew; returns whether anything may still be seen. */
    boolean renew(Principal caller) {
        if (!caller.equals(sight.caller())) {
            sight = sight(caller);
        }
        return meant == null || session().isPresent();
    }

    /** Remembers the first session of the name that something is told of. */
    void told(SessionRecord session) {
        if (request.isNamed() && meant == null) {
            meant = session.id();
        }
    }

    /** Returns the one session that is meant, as it is now; empty if several are, or none is there yet. */
    Optional<SessionRecord> session() {
        return Optional.ofNullable(meant).flatMap(sessions::find).filter(this);
    }

    @Override
    public boolean test(SessionRecord session) {
        var one = meant;
        if (one != null) {
            return session.id().equals(one) && isVisible(session);
        }
        var owner = sight.owner();
        return isVisible(session)
                && (owner == null || session.owner().equals(owner))
                && (!request.isNamed() || session.name().equals(request.name()));
    }

    private boolean isVisible(SessionRecord session) {
        var caller = sight.caller();
        var isPermitted = caller.isSuperadmin()
                || (caller.domain().equals(session.domain())
                        && (caller.isAdmin() || caller.userId().equals(session.userId())));
        return isPermitted && request.isOfProject(session);
    }
}
