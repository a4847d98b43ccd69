package io.slipway.runtime.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Runs the program on made-up system calls; that the operating system takes it is shown by every sandbox. */
class SystemCallFilterTest {

    private static final int ALLOW = 0x7fff0000;
    private static final int NOT_PERMITTED = 0x00050001;
    private static final int NO_SUCH_CALL = 0x00050000 | 38;
    private static final int NO_SUCH_FAMILY = 0x00050000 | 97;

    private static final int X86_64 = 0xc000003e;
    private static final int AARCH64 = 0xc00000b7;
    private static final int I386 = 0x40000003;

    private static int answer(String architecture, int audit, int number, long firstArgument) {
        var program =
                ByteBuffer.wrap(SystemCallFilter.of(architecture).orElseThrow()).order(ByteOrder.nativeOrder());
        var call = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        call.putInt(0, number).putInt(4, audit).putLong(16, firstArgument);
        var value = 0;
        for (var at = 0; ; at++) {
            var code = program.getShort(at * 8);
            var ifTrue = program.get(at * 8 + 2) & 0xff;
            var ifFalse = program.get(at * 8 + 3) & 0xff;
            var operand = program.getInt(at * 8 + 4);
            switch (code) {
                case 0x20 -> value = call.getInt(operand);
                case 0x15 -> at += value == operand ? ifTrue : ifFalse;
                case 0x35 -> at += Integer.compareUnsigned(value, operand) >= 0 ? ifTrue : ifFalse;
                case 0x45 -> at += (value & operand) != 0 ? ifTrue : ifFalse;
                case 0x06 -> {
                    return operand;
                }
                default -> throw new AssertionError("no such instruction: " + code);
            }
        }
    }

    @Test
    void ordinaryCallsPass() {
        for (var number : new int[] {0, 1, 9, 57, 59, 62, 101, 202, 257, 318, 439}) {
            assertEquals(ALLOW, answer("x86_64", X86_64, number, 0), "call " + number);
        }
    }

    @Test
    void dangerousCallsAreRefused() {
        Map.of("mount", 165, "unshare", 272, "bpf", 321, "io_uring_setup", 425, "keyctl", 250, "ioperm", 173)
                .forEach((name, number) -> assertEquals(NOT_PERMITTED, answer("x86_64", X86_64, number, 0), name));
        Map.of("mount", 40, "unshare", 97, "bpf", 280, "io_uring_setup", 425, "keyctl", 219)
                .forEach((name, number) -> assertEquals(NOT_PERMITTED, answer("aarch64", AARCH64, number, 0), name));
    }

    @Test
    void cloneMakesProcessesButNoNamespaces() {
        assertEquals(ALLOW, answer("x86_64", X86_64, 56, 0x01200011));
        assertEquals(NOT_PERMITTED, answer("x86_64", X86_64, 56, 0x10000011));
        assertEquals(NOT_PERMITTED, answer("aarch64", AARCH64, 220, 0x40000000));
        assertEquals(NO_SUCH_CALL, answer("x86_64", X86_64, 435, 0));
    }

    @Test
    void onlySocketsThatANetworkNamespaceConfinesAreMade() {
        for (var family : new int[] {1, 2, 10, 16}) {
            assertEquals(ALLOW, answer("x86_64", X86_64, 41, family), "family " + family);
            assertEquals(ALLOW, answer("aarch64", AARCH64, 198, family), "family " + family);
        }
        for (var family : new int[] {38, 40, 44}) {
            assertEquals(NO_SUCH_FAMILY, answer("x86_64", X86_64, 41, family), "family " + family);
            assertEquals(NO_SUCH_FAMILY, answer("aarch64", AARCH64, 198, family), "family " + family);
        }
    }

    @Test
    void otherCallTablesAreClosed() {
        assertEquals(NO_SUCH_CALL, answer("x86_64", I386, 1, 0));
        assertEquals(NO_SUCH_CALL, answer("x86_64", X86_64, 0x40000001, 0));
        assertEquals(NO_SUCH_CALL, answer("aarch64", X86_64, 1, 0));
        assertEquals(Optional.empty(), SystemCallFilter.of("riscv64"));
    }
}
