package io.slipway.manager.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.slipway.agent.api.KernelUse;
import io.slipway.manager.store.SessionRecord;
import io.slipway.model.session.SessionId;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sessions as JSON. The text of a record that was shown before is used again, and only the age written anew: who looks at
 * a session looks often, and a session that did not change is the same object. Thread-safe.
 */
final class SessionTexts {

    private static final int MOST = 1_000;

    // guarded by itself
    private final Map<SessionId, Shown> shown = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<SessionId, Shown> eldest) {
            return size() > MOST;
        }
    };

    /** What was shown of a record: its JSON up to where the age belongs, and the rest. */
    private static final class Shown {

        private final SessionRecord session;
        private final @Nullable KernelUse use;
        private final byte[] before;
        private final byte[] after;

        Shown(SessionRecord session, @Nullable KernelUse use, String before, String after) {
            this.session = session;
            this.use = use;
            this.before = before.getBytes(UTF_8);
            this.after = after.getBytes(UTF_8);
        }

        @SuppressWarnings("ReferenceEquality") // to compare the values would cost as much as to write them
        boolean isOf(SessionRecord other, @Nullable KernelUse its) {
            return session == other && use == its;
        }
    }

    /** Returns a session as it is shown at a moment, with what its main kernel used when it was last measured. */
    byte[] of(SessionRecord session, @Nullable KernelUse use, Instant now) {
        var parts = parts(session, use);
        var millis = Math.max(0, now.toEpochMilli() - session.createdAt().toEpochMilli());
        var age = (",\"age\":" + millis).getBytes(US_ASCII);
        return ByteBuffer.allocate(parts.before.length + age.length + parts.after.length)
                .put(parts.before)
                .put(age)
                .put(parts.after)
                .array();
    }

    private Shown parts(SessionRecord session, @Nullable KernelUse use) {
        var known = known(session.id());
        if (known != null && known.isOf(session, use)) {
            return known;
        }
        var text = Json.text(SessionAnswers.info(session, use));
        // within a text there would be a backslash before the quote
        var place = text.indexOf(",\"creationTime\":");
        var parts = new Shown(session, use, text.substring(0, place), text.substring(place));
        synchronized (shown) {
            shown.put(session.id(), parts);
        }
        return parts;
    }

    private @Nullable Shown known(SessionId session) {
        synchronized (shown) {
            return shown.get(session);
        }
    }
}
