package io.slipway.runtime.process;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/**
 * The seccomp filter of sandboxes: a classic BPF program over each system call. The sandbox has no capabilities and cannot
 * make user namespaces anyway; this takes away the calls behind which most holes of the Linux kernel were found, and the
 * socket families that no network namespace confines (a VSOCK reaches the machine's hypervisor).
 */
final class SystemCallFilter {

    private static final int LOAD_WORD = 0x20;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int JUMP_IF_AT_LEAST = 0x35;
    private static final int JUMP_IF_ANY_BIT = 0x45;
    private static final int RETURN = 0x06;

    private static final int NUMBER_OFFSET = 0;
    private static final int ARCHITECTURE_OFFSET = 4;
    private static final int FIRST_ARGUMENT_OFFSET = 16;

    private static final int ALLOW = 0x7fff0000;
    private static final int REFUSE = 0x00050000;
    private static final int NOT_PERMITTED = REFUSE | 1;
    private static final int NO_SUCH_CALL = REFUSE | 38;
    private static final int NO_SUCH_FAMILY = REFUSE | 97;

    /** First number of the second, rarely used call table of x86_64. */
    private static final int X32 = 0x40000000;
    /** CLONE_NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET, NEWNS and NEWTIME (which clone itself does not know). */
    private static final int NEW_NAMESPACES = 0x7e020000;
    /** UNIX, INET, INET6, NETLINK. */
    private static final List<Integer> FAMILIES = List.of(1, 2, 10, 16);

    private static final int CLONE3 = 435;
    private static final int LONGEST = 256;
    private static final int INSTRUCTION_BYTES = 8;

    private final ByteBuffer program =
            ByteBuffer.allocate(LONGEST * INSTRUCTION_BYTES).order(ByteOrder.nativeOrder());

    /**
     * The calls of one architecture.
     *
     * @param audit its number in the audit subsystem
     * @param hasX32 whether a second call table must be closed
     * @param cloning number of clone
     * @param socket number of socket
     * @param refused calls that are not permitted
     */
    private record Calls(int audit, boolean hasX32, int cloning, int socket, List<Integer> refused) {}

    // in this order: setns unshare mount umount2 pivot_root open_tree move_mount fsopen fsconfig fsmount fspick
    // mount_setattr, add_key request_key keyctl, bpf perf_event_open userfaultfd, io_uring_setup io_uring_enter
    // io_uring_register, kexec_load kexec_file_load init_module finit_module delete_module, open_by_handle_at
    // lookup_dcookie fanotify_init, swapon swapoff reboot acct settimeofday clock_settime, quotactl quotactl_fd syslog
    // vhangup nfsservctl; on x86_64 also iopl ioperm uselib _sysctl
    private static final Calls X86_64 = new Calls(
            0xc000003e,
            true,
            56,
            41,
            List.of(
                    308, 272, 165, 166, 155, 428, 429, 430, 431, 432, 433, 442, 248, 249, 250, 321, 298, 323, 425, 426,
                    427, 246, 320, 175, 313, 176, 304, 212, 300, 167, 168, 169, 163, 164, 227, 179, 443, 103, 153, 180,
                    172, 173, 134, 156));
    private static final Calls AARCH64 = new Calls(
            0xc00000b7,
            false,
            220,
            198,
            List.of(
                    268, 97, 40, 39, 41, 428, 429, 430, 431, 432, 433, 442, 217, 218, 219, 280, 241, 282, 425, 426, 427,
                    104, 294, 105, 273, 106, 265, 18, 262, 224, 225, 142, 89, 170, 112, 60, 443, 116, 58, 42));

    private SystemCallFilter() {}

    /**
     * Returns the program for an architecture.
     *
     * @param architecture {@code x86_64} or {@code aarch64}
     * @return empty for any other: there is no filter, then
     */
    static Optional<byte[]> of(String architecture) {
        return switch (architecture) {
            case "x86_64" -> Optional.of(new SystemCallFilter().assemble(X86_64));
            case "aarch64" -> Optional.of(new SystemCallFilter().assemble(AARCH64));
            default -> Optional.empty();
        };
    }

    private byte[] assemble(Calls calls) {
        load(ARCHITECTURE_OFFSET);
        add(JUMP_IF_EQUAL, 1, 0, calls.audit());
        answer(NO_SUCH_CALL);
        load(NUMBER_OFFSET);
        if (calls.hasX32()) {
            add(JUMP_IF_AT_LEAST, 0, 1, X32);
            answer(NO_SUCH_CALL);
        }
        // its flags are behind a pointer, where no filter can look; the C library falls back to clone
        answerIf(CLONE3, NO_SUCH_CALL);
        add(JUMP_IF_EQUAL, 0, 4, calls.cloning());
        load(FIRST_ARGUMENT_OFFSET);
        add(JUMP_IF_ANY_BIT, 0, 1, NEW_NAMESPACES);
        answer(NOT_PERMITTED);
        answer(ALLOW);
        add(JUMP_IF_EQUAL, 0, 2 + 2 * FAMILIES.size(), calls.socket());
        load(FIRST_ARGUMENT_OFFSET);
        FAMILIES.forEach(family -> answerIf(family, ALLOW));
        answer(NO_SUCH_FAMILY);
        calls.refused().forEach(number -> answerIf(number, NOT_PERMITTED));
        answer(ALLOW);
        var bytes = new byte[program.position()];
        program.flip().get(bytes);
        return bytes;
    }

    private void load(int offset) {
        add(LOAD_WORD, 0, 0, offset);
    }

    private void answer(int what) {
        add(RETURN, 0, 0, what);
    }

    private void answerIf(int value, int what) {
        add(JUMP_IF_EQUAL, 0, 1, value);
        answer(what);
    }

    /** Adds one instruction; jumps are counted in instructions to leave out. */
    private void add(int code, int ifTrue, int ifFalse, int value) {
        program.putShort((short) code).put((byte) ifTrue).put((byte) ifFalse).putInt(value);
    }
}
