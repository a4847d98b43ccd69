package io.slipway.itests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end, within a limit, and keeps what it printed. */
record Command(List<String> words, Path folder, Map<String, String> environment, Duration limit) {

    /**
     * How a program ended.
     *
     * @param exit exit status; 124 if it was ended at the limit
     * @param out what it printed on standard output
     * @param err what it printed on standard error
     */
    record Result(int exit, String out, String err) {

        /** Returns this, or fails with all that was printed. */
        Result succeeded() {
            if (exit != 0) {
                throw new AssertionError("exit " + exit + "\nout: " + out + "\nerr: " + err);
            }
            return this;
        }

        String all() {
            return out + err;
        }
    }

    Result run() {
        return run("");
    }

    /** Runs it with this on standard input. Output goes through files, so that no pipe can block. */
    Result run(String input) {
        try {
            var out = Files.createTempFile("slipway-it", ".out");
            var err = Files.createTempFile("slipway-it", ".err");
            var in = Files.writeString(Files.createTempFile("slipway-it", ".in"), input);
            try {
                return run(in, out, err);
            } finally {
                Files.deleteIfExists(out);
                Files.deleteIfExists(err);
                Files.deleteIfExists(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + words, e);
        }
    }

    private Result run(Path in, Path out, Path err) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment);
        var process = builder.start();
        var isOver = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        if (!isOver) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        return new Result(isOver ? process.exitValue() : 124, Files.readString(out), Files.readString(err));
    }
}
