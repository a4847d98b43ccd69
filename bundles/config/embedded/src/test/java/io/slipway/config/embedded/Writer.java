package io.slipway.config.embedded;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A process that writes and acknowledges until it is killed: {@code <number> <fencing token>} a line. */
public final class Writer {

    private Writer() {}

    /** Writes into the folder named by the only argument. */
    public static void main(String[] arguments) throws Exception {
        var store = new EmbeddedConfigStore(StoreFile.in(Path.of(arguments[0])), System::nanoTime);
        store.start();
        var out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        for (var i = 0; ; i++) {
            store.put(Map.of("a/" + i, "v" + i, "b/" + i, "v" + i));
            var token = store.acquire("lease", "owner", Duration.ofMinutes(1)).orElseThrow();
            store.release("lease", "owner");
            out.println(i + " " + token);
        }
    }
}
