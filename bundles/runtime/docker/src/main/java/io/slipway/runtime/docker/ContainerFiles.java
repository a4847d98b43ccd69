package io.slipway.runtime.docker;

import com.github.dockerjava.api.exception.NotFoundException;
import io.slipway.runtime.spi.KernelRuntimeException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/** Moves tar archives into and out of containers; the engine keeps paths inside. Thread-safe. */
final class ContainerFiles {

    private static final int CHUNK = 64 << 10;

    private final Engine engine;

    ContainerFiles(Engine engine) {
        this.engine = engine;
    }

    void read(String container, String path, long maxBytes, OutputStream archive, Duration limit)
            throws KernelRuntimeException {
        check(path);
        engine.call("download of " + path, limit, line -> {
            try (var source =
                    new Capped(line.copyArchiveFromContainerCmd(container, path).exec(), maxBytes)) {
                var chunk = new byte[CHUNK];
                for (var count = source.read(chunk); count >= 0; count = source.read(chunk)) {
                    archive.write(chunk, 0, count);
                }
                return path;
            } catch (NotFoundException e) {
                throw new KernelRuntimeException("there is no " + path + " in the kernel", e);
            } catch (TooMuchException e) {
                throw new KernelRuntimeException(path + " is more than the " + maxBytes + " bytes that are allowed", e);
            }
        });
    }

    void write(String container, String folder, InputStream archive, long maxBytes, Duration limit)
            throws KernelRuntimeException {
        check(folder);
        var capped = new Capped(archive, maxBytes);
        try {
            engine.call("upload into " + folder, limit, line -> {
                line.copyArchiveToContainerCmd(container)
                        .withRemotePath(folder)
                        .withTarInputStream(capped)
                        .withNoOverwriteDirNonDir(true)
                        .exec();
                return folder;
            });
        } catch (KernelRuntimeException e) {
            if (capped.isTooMuch) {
                throw new KernelRuntimeException(
                        "the archive is more than the " + maxBytes + " bytes that are allowed", e);
            }
            throw e;
        }
    }

    private static void check(String path) throws KernelRuntimeException {
        if (!path.startsWith("/") || path.indexOf('\0') >= 0) {
            throw new KernelRuntimeException("'" + path + "' is no absolute path inside a kernel");
        }
    }

    private static final class TooMuchException extends IOException {

        private static final long serialVersionUID = 1L;

        TooMuchException() {
            super("more bytes than allowed");
        }
    }

    /** Fails after so many bytes. */
    private static final class Capped extends FilterInputStream {

        private long left;
        private volatile boolean isTooMuch;

        Capped(InputStream in, long most) {
            super(in);
            left = most;
        }

        @Override
        public int read() throws IOException {
            var octet = super.read();
            count(octet < 0 ? 0 : 1);
            return octet;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            var count = super.read(buffer, offset, length);
            count(Math.max(0, count));
            return count;
        }

        private void count(int bytes) throws IOException {
            left -= bytes;
            if (left < 0) {
                isTooMuch = true;
                throw new TooMuchException();
            }
        }
    }
}
