package io.slipway.manager.gateway;

import io.slipway.lib.http.BodyTooLargeException;
import io.slipway.lib.http.MultipartForm;
import io.slipway.lib.http.Request;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Files that clients have sent, until the task that wants them has run; what nobody fetched goes after a day. */
final class PluginUploads {

    private static final Duration KEPT = Duration.ofDays(1);
    private static final Pattern NAME = Pattern.compile("[0-9a-f-]{36}\\.(jar|kar)");

    private final Path folder;
    private final InstantSource clock;

    PluginUploads(Path folder, InstantSource clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /** Writes the one file of a form; returns its name here. */
    String receive(Request request, long mostBytes) throws IOException {
        Files.createDirectories(folder);
        sweep();
        try (var receiver = new OneFile(mostBytes)) {
            MultipartForm.read(request, 1, receiver);
            return receiver.keep();
        } catch (MultipartForm.MalformedException e) {
            throw new Refusal(Problem.Kind.INVALID_API_PARAMS.because(String.valueOf(e.getMessage())));
        }
    }

    /** Returns the file of a name; it may be gone. */
    Path file(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' is no upload");
        }
        return folder.resolve(name);
    }

    void delete(String name) throws IOException {
        Files.deleteIfExists(file(name));
    }

    private void sweep() throws IOException {
        var oldest = clock.instant().minus(KEPT);
        try (var files = Files.newDirectoryStream(folder)) {
            for (var file : files) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(oldest)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /** Confined to one request. */
    private final class OneFile implements MultipartForm.Receiver, AutoCloseable {

        private final long mostBytes;
        private String name = "";
        private @Nullable OutputStream out;
        private long bytes;
        private boolean isComplete;

        OneFile(long mostBytes) {
            this.mostBytes = mostBytes;
        }

        @Override
        public void begin(String field, Optional<String> fileName) throws IOException {
            var isArchive = fileName.orElseThrow(
                            () -> new Refusal(Problem.Kind.INVALID_API_PARAMS.because("The part needs a file name")))
                    .toLowerCase(Locale.ROOT)
                    .endsWith(".kar");
            name = UUID.randomUUID() + (isArchive ? ".kar" : ".jar");
            out = Files.newOutputStream(file(name));
        }

        @Override
        public void content(byte[] piece, int from, int length) throws IOException {
            bytes += length;
            if (bytes > mostBytes) {
                throw new BodyTooLargeException(mostBytes);
            }
            var open = out;
            if (open != null) {
                open.write(piece, from, length);
            }
        }

        @Override
        public void end() throws IOException {
            closeFile();
            isComplete = true;
        }

        String keep() {
            if (!isComplete) {
                throw new Refusal(Problem.Kind.INVALID_API_PARAMS.because("The form has no file"));
            }
            var kept = name;
            name = "";
            return kept;
        }

        private void closeFile() throws IOException {
            var open = out;
            out = null;
            if (open != null) {
                open.close();
            }
        }

        @Override
        public void close() throws IOException {
            closeFile();
            if (!name.isEmpty()) {
                delete(name);
            }
        }
    }
}
