package io.slipway.runtime.spi;

import io.slipway.model.kernel.KernelId;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;
import org.osgi.annotation.versioning.ProviderType;

/** The ability of a runtime to run a further program in a running kernel, as the kernel's user. */
@ConsumerType
public interface KernelExec {

    /**
     * Starts a program and returns at once.
     *
     * @param limit how long its start may take
     * @throws KernelRuntimeException if the kernel does not run or the program cannot be started
     */
    RunningCommand exec(KernelId kernel, Command command, Duration limit) throws KernelRuntimeException;

    /**
     * What to run.
     *
     * @param words the program and its arguments, at least one
     * @param environment variables besides those of the kernel
     * @param terminal size of the terminal that the program gets; null for none, then input and outputs are plain streams
     */
    record Command(
            List<String> words,
            Map<String, String> environment,
            @Nullable TerminalSize terminal) {

        /** Copies and checks. */
        public Command {
            words = List.copyOf(words);
            environment = Map.copyOf(environment);
            if (words.isEmpty()) {
                throw new IllegalArgumentException("no program is given");
            }
        }
    }

    /**
     * The size of a terminal, both above zero.
     *
     * @param columns characters in a line
     * @param rows lines
     */
    record TerminalSize(int columns, int rows) {

        /** Checks. */
        public TerminalSize {
            if (columns <= 0 || rows <= 0) {
                throw new IllegalArgumentException("a terminal of " + columns + "x" + rows + " has no place for text");
            }
        }
    }

    /** A program that was started. Its methods may be called from any thread. */
    @ProviderType
    interface RunningCommand extends AutoCloseable {

        /** Returns its standard input; to close it is its end of file (with a terminal, send the terminal's own). */
        OutputStream input();

        /** Returns its standard output, with a terminal all that it writes. It must be read, or the program waits. */
        InputStream output();

        /** Returns its standard error, empty with a terminal. It must be read, or the program waits. */
        InputStream errors();

        /**
         * Tells it that its terminal has another size. Nothing happens if it has none or has ended.
         *
         * @throws KernelRuntimeException if that cannot be told
         */
        void resize(TerminalSize size) throws KernelRuntimeException;

        /**
         * Waits for its end.
         *
         * @return its exit status; empty if it still runs at the limit
         * @throws KernelRuntimeException if it cannot be watched
         */
        Optional<Integer> awaitExit(Duration limit) throws KernelRuntimeException;

        /** Lets go of it: its streams end. A program that does not end by that lives on until the kernel ends. */
        @Override
        void close();
    }
}
