package io.slipway.manager.session;

import io.slipway.manager.api.CreateSession;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.session.SessionType;
import io.slipway.model.slot.BinarySize;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks of a request that need nothing but the request; each failure names field and fix. */
final class RequestChecks {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{2,62}[A-Za-z0-9_]");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,255}");
    private static final String RESERVED_NAME = "from-template";
    private static final int MOST_VARIABLES = 256;
    private static final int LONGEST_ENVIRONMENT = 64 * 1024;
    private static final int LONGEST_TEXT = 1_024;
    private static final int LONGEST_COMMAND = 16 * 1024;
    private static final int LONGEST_SCRIPT = 64 * 1024;
    private static final long LONGEST_TIMEOUT = 365L * 24 * 3_600;
    private static final int MOST_KERNELS = 1_000;
    private static final int MOST_DEPENDENCIES = 100;

    private RequestChecks() {}

    static void check(CreateSession request) {
        name("name", request.name());
        range("priority", request.priority(), 0, 100);
        range("clusterSize", request.clusterSize(), 1, MOST_KERNELS);
        length("tag", request.tag(), LONGEST_TEXT);
        length("callback_url", request.callbackUrl(), LONGEST_TEXT);
        length("startupCommand", request.startupCommand(), LONGEST_COMMAND);
        environment(request.environment());
        length("starts_at", request.startsAt(), 64);
        if (request.startsAt() != null && request.type() != SessionType.BATCH) {
            throw SlipwayException.invalid("starts_at", "is for batch sessions only");
        }
        if (request.dependencies().size() > MOST_DEPENDENCIES) {
            throw SlipwayException.invalid("dependencies", "at most " + MOST_DEPENDENCIES + " sessions");
        }
        length("bootstrap_script", request.bootstrapScript(), LONGEST_SCRIPT);
        job(request);
        if (request.type() != SessionType.INTERACTIVE && request.type() != SessionType.BATCH) {
            throw new SlipwayException(
                    FailureCode.NOT_IMPLEMENTED,
                    "Sessions of type " + request.type().wireName() + " are not offered by this server yet");
        }
    }

    private static void job(CreateSession request) {
        var command = request.startupCommand();
        if (request.type() == SessionType.BATCH && (command == null || command.isBlank())) {
            throw SlipwayException.invalid("startupCommand", "is required for batch sessions");
        }
        noNul("startupCommand", command);
        noNul("bootstrap_script", request.bootstrapScript());
        if (request.timeoutSeconds() != 0 && request.type() != SessionType.BATCH) {
            throw SlipwayException.invalid("batch_timeout", "is for batch sessions only");
        }
        if (request.timeoutSeconds() < 0 || request.timeoutSeconds() > LONGEST_TIMEOUT) {
            throw SlipwayException.invalid("batch_timeout", "must be 1 second to 365 days");
        }
    }

    private static void noNul(String field, @Nullable String text) {
        if (text != null && text.indexOf('\0') >= 0) {
            throw SlipwayException.invalid(field, "must not contain the character NUL");
        }
    }

    /** Checks a session's name. */
    static void name(String field, String name) {
        if (!NAME.matcher(name).matches()) {
            throw SlipwayException.invalid(
                    field, "must be 4 to 64 letters, digits, _ . or -, with a letter, digit or _ at both ends");
        }
        if (name.equals(RESERVED_NAME)) {
            throw SlipwayException.invalid(field, "is reserved; choose another name");
        }
    }

    /** Checks options and returns the size of the shared memory, or 0 for the runtime's default. */
    static long sharedMemory(Map<String, String> resourceOpts, SlotAmounts slots) {
        resourceOpts.forEach((key, value) -> {
            length("resource_opts", key, 64);
            length("resource_opts." + key, value, LONGEST_TEXT);
        });
        var text = resourceOpts.get("shmem");
        if (text == null) {
            return 0;
        }
        try {
            var bytes = BinarySize.parse(text);
            if (BigDecimal.valueOf(bytes).compareTo(slots.get(SlotName.MEM)) >= 0) {
                throw SlipwayException.invalid("resource_opts.shmem", "'" + text + "' must be less than mem");
            }
            return bytes;
        } catch (IllegalArgumentException e) {
            throw SlipwayException.invalid("resource_opts.shmem", String.valueOf(e.getMessage()));
        }
    }

    private static void environment(Map<String, String> environment) {
        if (environment.size() > MOST_VARIABLES) {
            throw SlipwayException.invalid("environ", "at most " + MOST_VARIABLES + " variables");
        }
        long length = 0;
        for (var entry : environment.entrySet()) {
            if (!VARIABLE.matcher(entry.getKey()).matches()) {
                throw SlipwayException.invalid(
                        "environ", "names must be letters, digits and _, not starting with a digit");
            }
            if (entry.getValue().indexOf('\0') >= 0) {
                throw SlipwayException.invalid("environ." + entry.getKey(), "must not contain the character NUL");
            }
            length += entry.getKey().length() + (long) entry.getValue().length();
        }
        if (length > LONGEST_ENVIRONMENT) {
            throw SlipwayException.invalid("environ", "at most " + LONGEST_ENVIRONMENT + " characters in all");
        }
    }

    private static void range(String field, int value, int least, int most) {
        if (value < least || value > most) {
            throw SlipwayException.invalid(field, "must be " + least + " to " + most);
        }
    }

    private static void length(String field, @Nullable String value, int most) {
        if (value != null && value.length() > most) {
            throw SlipwayException.invalid(field, "at most " + most + " characters");
        }
    }
}
