package io.slipway.manager.graphql;

import io.slipway.manager.store.SessionQuery.Field;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Names of fields of sessions in filters and orders. */
final class SessionFields {

    /** For filters. */
    static final Map<String, Field> ALL = all();

    /** For orders. */
    static final Map<String, Field> ORDERING = ordering();

    private SessionFields() {}

    private static Map<String, Field> all() {
        var names = new HashMap<String, Field>();
        Arrays.stream(Field.values()).forEach(field -> names.put(field.name().toLowerCase(Locale.ROOT), field));
        names.put("session_id", Field.ID);
        names.put("agent_ids", Field.AGENT_ID);
        names.put("agents", Field.AGENT_ID);
        names.put("created_user_email", Field.USER_EMAIL);
        names.put("created_user_id", Field.USER_ID);
        return Map.copyOf(names);
    }

    private static Map<String, Field> ordering() {
        var names = new HashMap<>(ALL);
        names.values().removeIf(field -> !field.isOrdering());
        return Map.copyOf(names);
    }
}
