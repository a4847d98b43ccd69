package io.slipway.manager.session;

import io.slipway.model.failure.SlipwayException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads when a session may start at the earliest. */
final class StartTime {

    private static final String FIELD = "starts_at";
    private static final Pattern RELATIVE = Pattern.compile("([0-9]{1,9})(s|m|h|d|w)");
    private static final Map<String, Duration> UNITS = Map.of(
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1),
            "w", Duration.ofDays(7));
    private static final Duration FARTHEST = Duration.ofDays(366);

    private StartTime() {}

    /** Reads an ISO time, in UTC if it does not name a zone, or a duration from now such as {@code 5m}. */
    static Instant read(String text, Instant now) {
        var relative = RELATIVE.matcher(text.strip());
        var time = relative.matches()
                ? now.plus(UNITS.getOrDefault(relative.group(2), Duration.ZERO)
                        .multipliedBy(Long.parseLong(relative.group(1))))
                : iso(text.strip());
        if (time.isAfter(now.plus(FARTHEST))) {
            throw SlipwayException.invalid(FIELD, "must be within the next " + FARTHEST.toDays() + " days");
        }
        return time;
    }

    private static Instant iso(String text) {
        try {
            var read = DateTimeFormatter.ISO_DATE_TIME.parseBest(
                    text.replace(' ', 'T'), ZonedDateTime::from, LocalDateTime::from);
            return read instanceof ZonedDateTime zoned
                    ? zoned.toInstant()
                    : LocalDateTime.from(read).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw SlipwayException.invalid(
                    FIELD, "must be an ISO time such as 2030-01-31T08:00:00+00:00, or a duration such as 5m");
        }
    }
}
