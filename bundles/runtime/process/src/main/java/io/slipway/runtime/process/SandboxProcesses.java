package io.slipway.runtime.process;

/** The processes that a sandbox itself needs besides the kernel's programs. */
final class SandboxProcesses {

    /** bwrap outside, bwrap as the first process inside, a network process, and one while they come up. */
    static final int OWN = 4;

    private static final int USUALLY_THERE = 2;

    private SandboxProcesses() {}

    /** Returns how many of so many processes in a group are the kernel's. */
    static int programs(long processes) {
        return (int) Math.max(1, processes - USUALLY_THERE);
    }
}
