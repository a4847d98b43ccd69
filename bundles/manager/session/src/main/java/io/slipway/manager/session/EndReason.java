package io.slipway.manager.session;

import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelStatus;
import java.util.Arrays;
import java.util.Set;

/**
 * Why something ends, in the form in which it is kept as a status info: the reason's wire name and, if there is more to
 * say, a colon and one line.
 *
 * @param reason why
 * @param detail one line for people, may be empty
 */
record EndReason(ExitReason reason, String detail) {

    private static final Set<ExitReason> FAILURES = Set.of(
            ExitReason.FAILED_TO_CREATE,
            ExitReason.FAILED_TO_START,
            ExitReason.START_TIMEOUT,
            ExitReason.CONTAINER_NOT_FOUND);
    private static final String SEPARATOR = ": ";

    EndReason(ExitReason reason) {
        this(reason, "");
    }

    static EndReason of(KernelExit exit) {
        return new EndReason(exit.reason(), exit.detail());
    }

    /** Reads what {@link #text} wrote; any other text is taken as a detail of a user's request. */
    static EndReason parse(String text) {
        var colon = text.indexOf(SEPARATOR);
        var name = colon < 0 ? text : text.substring(0, colon);
        return Arrays.stream(ExitReason.values())
                .filter(reason -> reason.wireName().equals(name))
                .findFirst()
                .map(reason -> new EndReason(reason, colon < 0 ? "" : text.substring(colon + SEPARATOR.length())))
                .orElse(new EndReason(ExitReason.USER_REQUESTED, text));
    }

    String text() {
        return detail.isEmpty() ? reason.wireName() : reason.wireName() + SEPARATOR + detail;
    }

    /** Returns the terminal state of a kernel that was placed and ends for this reason. */
    KernelStatus terminalState() {
        return FAILURES.contains(reason) ? KernelStatus.ERROR : KernelStatus.TERMINATED;
    }

    KernelExit exit() {
        return new KernelExit(reason, null, detail);
    }
}
