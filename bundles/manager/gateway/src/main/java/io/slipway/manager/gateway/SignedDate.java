package io.slipway.manager.gateway;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Dates of signed requests: ISO 8601 as a rule, RFC 1123 too; without a zone they are in UTC. */
final class SignedDate {

    private static final int SEPARATOR = 10;
    private static final List<DateTimeFormatter> FORMS = List.of(
            DateTimeFormatter.ISO_DATE_TIME,
            withOffset(DateTimeFormatter.ISO_LOCAL_DATE_TIME, "+HHMM"),
            withOffset(DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss"), "+HHmm"),
            DateTimeFormatter.RFC_1123_DATE_TIME);

    private SignedDate() {}

    static Optional<OffsetDateTime> parse(String text) {
        var iso = text.length() > SEPARATOR && text.charAt(SEPARATOR) == ' ' && Character.isDigit(text.charAt(0))
                ? text.substring(0, SEPARATOR) + 'T' + text.substring(SEPARATOR + 1)
                : text;
        for (var form : FORMS) {
            var date = parse(iso, form);
            if (date.isPresent()) {
                return date;
            }
        }
        return Optional.empty();
    }

    private static Optional<OffsetDateTime> parse(String text, DateTimeFormatter form) {
        try {
            var parsed = form.parseBest(text, OffsetDateTime::from, LocalDateTime::from);
            return Optional.of(
                    parsed instanceof LocalDateTime local
                            ? local.atOffset(ZoneOffset.UTC)
                            : OffsetDateTime.from(parsed));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static DateTimeFormatter withOffset(DateTimeFormatter local, String offset) {
        return new DateTimeFormatterBuilder()
                .append(local)
                .optionalStart()
                .appendOffset(offset, "Z")
                .toFormatter(Locale.ROOT);
    }
}
