package io.slipway.manager.graphql;

import graphql.schema.DataFetchingEnvironment;
import io.slipway.manager.api.SessionService;
import io.slipway.manager.store.SessionQuery;
import io.slipway.manager.store.SessionRecord;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.identity.Principal;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionStatus;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.dataloader.DataLoader;
import org.dataloader.DataLoaderFactory;
import org.jspecify.annotations.Nullable;

/** Answers questions about sessions, within what the caller may see. */
final class SessionQueries {

    /** The name of {@link #loader}. */
    static final String BY_ID = "sessions by id";

    /** Deeper than any client goes, and each level may be as much as all before it together. */
    private static final int DEEPEST = 4;

    /** A state of the protocol that none of our sessions is ever in. */
    private static final String NEVER = "RUNNING_DEGRADED";

    private final SessionService sessions;

    SessionQueries(SessionService sessions) {
        this.sessions = sessions;
    }

    Map<String, Object> list(DataFetchingEnvironment environment) {
        Optional<UUID> after = Optional.ofNullable(environment.getArgument("after"));
        @Nullable String names = environment.getArgument("status");
        var statuses = statuses(names);
        var query = new SessionQuery(
                ownerScope(environment),
                domainScope(environment),
                project(environment),
                statuses,
                FilterParser.parse(environment.getArgument("filter"), SessionFields.ALL),
                order(environment.getArgument("order")),
                after.map(SessionId::new),
                Arguments.offset(environment),
                Arguments.limit(environment));
        if (statuses.isEmpty() && names != null && !names.isBlank()) {
            // to the store no states are all states, but here only states were asked for that no session is in
            return Map.of("items", List.of(), "total_count", 0);
        }
        var page = sessions.list(query);
        Nodes.of(environment).count(page.items().size());
        return Map.of("items", page.items().stream().map(SessionViews::session).toList(), "total_count", page.total());
    }

    @Nullable
    Map<String, @Nullable Object> one(DataFetchingEnvironment environment) {
        var id = Objects.requireNonNull(environment.<UUID>getArgument("id"));
        var found = sessions.find(new SessionId(id)).filter(session -> maySee(Caller.of(environment), session));
        if (found.isEmpty()) {
            return null;
        }
        return SessionViews.session(found.get());
    }

    /** The newest sessions of a keypair that the caller may see. */
    List<Map<String, @Nullable Object>> ofKeypair(DataFetchingEnvironment environment) {
        Map<String, Object> keypair = Objects.requireNonNull(environment.getSource());
        @Nullable String names = environment.getArgument("status");
        var statuses = statuses(names);
        if (statuses.isEmpty() && names != null && !names.isBlank()) {
            return List.of();
        }
        var owner = Optional.of(String.valueOf(keypair.get("access_key")));
        var page = sessions.list(new SessionQuery(
                owner, Optional.empty(), Optional.empty(), statuses, List.of(), 0, Arguments.MAX_LIMIT));
        Nodes.of(environment).count(page.items().size());
        return page.items().stream().map(SessionViews::session).toList();
    }

    /** Those that a session depends on and that the caller may see; one query for all sessions of a level. */
    CompletableFuture<List<Map<String, @Nullable Object>>> dependencies(DataFetchingEnvironment environment) {
        Map<String, Object> session = Objects.requireNonNull(environment.getSource());
        var ids = SessionViews.dependencies(session);
        var depth = SessionViews.depth(session) + 1;
        if (depth > DEEPEST) {
            throw new SlipwayException(
                    FailureCode.BAD_REQUEST, "dependencies are nested deeper than " + DEEPEST + " levels");
        }
        Nodes.of(environment).count(ids.size());
        DataLoader<SessionId, Optional<SessionRecord>> loader =
                Objects.requireNonNull(environment.getDataLoader(BY_ID));
        return loader.loadMany(ids)
                .thenApply(found -> found.stream()
                        .flatMap(Optional::stream)
                        .filter(dependency -> maySee(Caller.of(environment), dependency))
                        .map(dependency -> SessionViews.session(dependency, depth))
                        .toList());
    }

    /** Returns what fetches the sessions of one request; for that request alone. */
    DataLoader<SessionId, Optional<SessionRecord>> loader() {
        return DataLoaderFactory.newDataLoader(BY_ID, ids -> {
            var found = sessions.findAll(ids);
            return CompletableFuture.completedFuture(
                    ids.stream().map(id -> Optional.ofNullable(found.get(id))).toList());
        });
    }

    private static boolean maySee(Principal caller, SessionRecord session) {
        return caller.isSuperadmin()
                || session.owner().equals(caller.accessKey())
                || (caller.isAdmin() && session.domain().equals(caller.domain()));
    }

    /** A user sees the own sessions; asking for another's is an error, not an empty list. */
    private static Optional<String> ownerScope(DataFetchingEnvironment environment) {
        var caller = Caller.of(environment);
        Optional<String> asked = Optional.ofNullable(environment.getArgument("access_key"));
        if (caller.isAdmin()) {
            return asked;
        }
        if (asked.isPresent() && !asked.get().equals(caller.accessKey().value())) {
            throw new SlipwayException(FailureCode.FORBIDDEN, "you may list only your own sessions");
        }
        return Optional.of(caller.accessKey().value());
    }

    private static Optional<String> domainScope(DataFetchingEnvironment environment) {
        var caller = Caller.of(environment);
        Optional<String> asked = Optional.ofNullable(environment.getArgument("domain_name"));
        if (caller.isSuperadmin()) {
            return asked;
        }
        if (asked.isPresent() && !asked.get().equals(caller.domain())) {
            throw new SlipwayException(FailureCode.FORBIDDEN, "you may list only sessions of your own domain");
        }
        return Optional.of(caller.domain());
    }

    private static Optional<UUID> project(DataFetchingEnvironment environment) {
        String text = environment.getArgument("group_id");
        try {
            return Optional.ofNullable(text).map(UUID::fromString);
        } catch (IllegalArgumentException e) {
            throw new SlipwayException(
                    FailureCode.BAD_REQUEST, "group_id '" + text + "' is no UUID", Map.of("argument", "group_id"), e);
        }
    }

    static Set<SessionStatus> statuses(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return Set.of();
        }
        var statuses = EnumSet.noneOf(SessionStatus.class);
        Arrays.stream(text.split(",", -1))
                .map(name -> name.strip().toUpperCase(Locale.ROOT))
                .filter(name -> !name.equals(NEVER))
                .forEach(name -> statuses.addAll(status(name)));
        return statuses;
    }

    /** Clients know CREATING as PREPARING. */
    private static Set<SessionStatus> status(String name) {
        var found = Arrays.stream(SessionStatus.values())
                .filter(status -> status.wireName().equals(name))
                .toList();
        if (found.isEmpty()) {
            throw new SlipwayException(FailureCode.BAD_REQUEST, "there is no session status '" + name + "'");
        }
        return EnumSet.copyOf(found);
    }

    static List<SessionQuery.Order> order(@Nullable String text) {
        return OrderParser.parse(text, SessionFields.ORDERING, SessionQuery.Order::new);
    }
}
