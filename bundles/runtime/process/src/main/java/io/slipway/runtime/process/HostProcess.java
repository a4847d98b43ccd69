package io.slipway.runtime.process;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A process that cannot be mistaken for a later one with the same pid.
 *
 * @param pid its number
 * @param startTicks when it started, in ticks since the machine's start
 * @param boot which run of the machine
 */
record HostProcess(long pid, long startTicks, String boot) {

    private static final Pattern LINE = Pattern.compile("([0-9]{1,10}) ([0-9]{1,18}) ([0-9a-f-]{1,64}|unknown)\n");

    /** Reads the line that a supervisor wrote about itself; empty if it is not whole. */
    static Optional<HostProcess> parse(String line) {
        var matcher = LINE.matcher(line);
        return matcher.matches()
                ? Optional.of(new HostProcess(
                        Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)), matcher.group(3)))
                : Optional.empty();
    }

    boolean isOfThisBoot() {
        return boot.equals(ProcFiles.bootId());
    }

    boolean isAlive() {
        return isOfThisBoot()
                && ProcFiles.stat(pid)
                        .filter(stat -> stat.startTicks() == startTicks && !stat.isDead())
                        .isPresent();
    }

    /** Returns a handle to signal it by, which itself looks at the start time; empty if it is gone. */
    Optional<ProcessHandle> handle() {
        // in this order: a handle made before the look cannot be of a process that came after it
        return ProcessHandle.of(pid).filter(handle -> isAlive());
    }
}
