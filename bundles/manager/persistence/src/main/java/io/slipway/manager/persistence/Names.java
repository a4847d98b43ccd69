package io.slipway.manager.persistence;

import java.util.Map;
import java.util.UUID;

/**
 * What is shown for the ids in session rows.
 *
 * @param emails e-mail address by user
 * @param projects name by project
 */
record Names(Map<UUID, String> emails, Map<UUID, String> projects) {

    String email(UUID user) {
        return emails.getOrDefault(user, "");
    }

    String project(UUID project) {
        return projects.getOrDefault(project, "");
    }
}
