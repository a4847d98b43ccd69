package io.slipway.karaf.subject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slipway.karaf.subject.ConstantPoolRewriter.Method;
import java.lang.invoke.MethodHandles;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Rewrites a real class that the compiler made, loads it and runs it. */
class ConstantPoolRewriterTest {

    /** The class whose calls are redirected; its constant pool has longs and doubles, which take two entries. */
    public static final class Caller implements Supplier<String> {
        @Override
        public String get() {
            long big = 1L << 40;
            double half = 0.5;
            return First.who("x") + First.age("y") + big + half;
        }
    }

    /** Called before. */
    public static final class First {
        private First() {}

        static String who(String name) {
            return "first-" + name;
        }

        static String age(String name) {
            return "old-" + name;
        }
    }

    /** Called after. */
    public static final class Second {
        private Second() {}

        static String who(String name) {
            return "second-" + name;
        }
    }

    private static final String STRING_TO_STRING = "(Ljava/lang/String;)Ljava/lang/String;";
    private static final Method WHO = new Method(pathOf(First.class), "who", STRING_TO_STRING);

    @Test
    void redirectsOnlyTheNamedMethod() throws Exception {
        byte[] rewritten = rewriter(WHO).rewrite(bytesOf(Caller.class)).orElseThrow();
        Class<?> hidden =
                MethodHandles.lookup().defineHiddenClass(rewritten, true).lookupClass();
        var caller = (Supplier<?>) hidden.getConstructor().newInstance();
        assertEquals("second-xold-y10995116277760.5", caller.get());
    }

    @Test
    void leavesOtherClassesAlone() throws Exception {
        assertEquals(Optional.empty(), rewriter(WHO).rewrite(bytesOf(Second.class)));
    }

    @Test
    void anOverloadIsAnotherMethod() throws Exception {
        var other = new Method(WHO.owner(), "who", "()Ljava/lang/String;");
        assertFalse(rewriter(other).rewrite(bytesOf(Caller.class)).isPresent());
    }

    @Test
    void refusesWhatIsNoClass() {
        assertThrows(IllegalArgumentException.class, () -> rewriter(WHO).rewrite(new byte[5]));
        byte[] cut = {(byte) 0xCA, (byte) 0xFE, (byte) 0xBA, (byte) 0xBE, 0, 0, 0, 61, 0, 9, 1, 0};
        assertThrows(IllegalArgumentException.class, () -> rewriter(WHO).rewrite(cut));
    }

    private static ConstantPoolRewriter rewriter(Method from) {
        return new ConstantPoolRewriter(Set.of(from), pathOf(Second.class));
    }

    private static byte[] bytesOf(Class<?> type) throws Exception {
        try (var in = ConstantPoolRewriterTest.class.getResourceAsStream("/" + pathOf(type) + ".class")) {
            if (in == null) {
                throw new IllegalStateException("no class file of " + type);
            }
            return in.readAllBytes();
        }
    }

    private static String pathOf(Class<?> type) {
        return type.getName().replace('.', '/');
    }
}
