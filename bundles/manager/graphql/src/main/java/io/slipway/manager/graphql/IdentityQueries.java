package io.slipway.manager.graphql;

import graphql.schema.DataFetchingEnvironment;
import io.slipway.manager.api.IdentityService;
import io.slipway.manager.api.SessionService;
import io.slipway.manager.store.KeypairRecord;
import io.slipway.manager.store.ProjectRecord;
import io.slipway.manager.store.SessionQuery;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.identity.Principal;
import io.slipway.model.policy.KeypairPolicy;
import io.slipway.model.session.SessionStatus;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Answers questions about keypairs. Secrets are never told. */
final class IdentityQueries {

    private static final Set<SessionStatus> LIVE = Arrays.stream(SessionStatus.values())
            .filter(status -> !status.isTerminal())
            .collect(Collectors.toUnmodifiableSet());

    private final IdentityService identity;
    private final SessionService sessions;

    IdentityQueries(IdentityService identity, SessionService sessions) {
        this.identity = identity;
        this.sessions = sessions;
    }

    Map<String, @Nullable Object> keypair(DataFetchingEnvironment environment) {
        var caller = Caller.of(environment);
        @Nullable String asked = environment.getArgument("access_key");
        var keypair = identity.keypair(caller, asked == null ? caller.accessKey() : accessKey(asked));
        var fields = environment.getSelectionSet();
        var view = view(keypair);
        if (fields.contains("concurrency_used")) {
            view.put("concurrency_used", liveSessions(keypair));
        }
        if (fields.contains("concurrency_limit")) {
            view.put(
                    "concurrency_limit",
                    identity.policy(keypair.policy())
                            .map(KeypairPolicy::maxConcurrentSessions)
                            .orElse(null));
        }
        if (fields.contains("projects")) {
            view.put(
                    "projects",
                    identity.projects(holder(keypair)).stream()
                            .map(ProjectRecord::name)
                            .toList());
        }
        return view;
    }

    /** What is no access key at all is as unknown as any other. */
    private static AccessKey accessKey(String text) {
        if (text.isBlank() || text.length() > AccessKey.LONGEST) {
            throw SlipwayException.notFound("keypair", "there is no such keypair");
        }
        return new AccessKey(text);
    }

    private static Principal holder(KeypairRecord keypair) {
        var user = keypair.user();
        return new Principal(
                keypair.accessKey(), user.id(), user.email(), user.domain(), user.role(), keypair.isAdmin());
    }

    private static Map<String, @Nullable Object> view(KeypairRecord keypair) {
        var user = keypair.user();
        var view = new HashMap<String, @Nullable Object>();
        view.put("id", keypair.accessKey().value());
        view.put("user_id", user.email());
        view.put("full_name", user.fullName());
        view.put("access_key", keypair.accessKey().value());
        view.put("is_active", keypair.isActive());
        view.put("is_admin", keypair.isAdmin());
        view.put("resource_policy", keypair.policy());
        view.put("created_at", keypair.createdAt());
        view.put("last_used", keypair.lastUsedAt());
        view.put("rate_limit", keypair.rateLimit());
        view.put("user", user.id());
        view.put("vfolders", List.of());
        view.put("user_info", Map.of("email", user.email(), "full_name", user.fullName()));
        return view;
    }

    private int liveSessions(KeypairRecord keypair) {
        var query = new SessionQuery(
                Optional.of(keypair.accessKey().value()), Optional.empty(), Optional.empty(), LIVE, List.of(), 0, 1);
        return Math.toIntExact(sessions.list(query).total());
    }
}
