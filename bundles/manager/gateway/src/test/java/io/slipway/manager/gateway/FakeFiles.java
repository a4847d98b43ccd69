package io.slipway.manager.gateway;

import io.slipway.agent.api.FileContent;
import io.slipway.agent.api.FileEntry;
import io.slipway.agent.api.FileListing;
import io.slipway.manager.api.SessionFiles;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.identity.AccessKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Files of one session in memory. */
final class FakeFiles implements SessionFiles {

    final Map<String, String> contents = new ConcurrentHashMap<>();
    final AtomicInteger open = new AtomicInteger();

    private String key(AccessKey owner, String session, String path) {
        if (!session.startsWith("runs") || !owner.equals(Fakes.USER.principal().accessKey())) {
            throw SlipwayException.notFound("session", "Session " + session + " not found");
        }
        if (path.contains("..")) {
            throw SlipwayException.invalid("path", "'" + path + "' has '..' in it");
        }
        return session + "/" + path;
    }

    private String content(String key) {
        var content = contents.get(key);
        if (content == null) {
            throw SlipwayException.invalid("path", "there is no such file or folder");
        }
        return content;
    }

    @Override
    public FileListing list(AccessKey owner, String reference, String path) {
        var prefix = key(owner, reference, "");
        key(owner, reference, path);
        var time = Instant.ofEpochSecond(1_700_000_000, 500_000_000);
        var entries = contents.keySet().stream()
                .map(name -> new FileEntry(name.substring(prefix.length()), "-rw-r--r--", 5, time, time, time))
                .toList();
        return new FileListing("/home/work", entries, true);
    }

    @Override
    public FileContent read(AccessKey owner, String reference, String path) {
        return new Content(path, content(key(owner, reference, path)));
    }

    @Override
    public FileContent archive(AccessKey owner, String reference, String path) {
        return new Content(path, "tar of " + content(key(owner, reference, path)));
    }

    private final class Content implements FileContent {

        private final String name;
        private final byte[] bytes;

        Content(String name, String text) {
            this.name = name;
            this.bytes = text.getBytes(StandardCharsets.UTF_8);
            open.incrementAndGet();
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public long length() {
            return bytes.length;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(bytes);
        }

        @Override
        public void close() {
            open.decrementAndGet();
        }
    }

    @Override
    public Upload upload(AccessKey owner, String reference, String path, long maxBytes) {
        var key = key(owner, reference, path);
        open.incrementAndGet();
        return new Upload() {
            private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

            @Override
            public void write(byte[] piece, int from, int length) {
                bytes.write(piece, from, length);
                if (bytes.size() > maxBytes) {
                    throw SlipwayException.invalid("path", "'" + path + "' is larger than " + maxBytes + " bytes");
                }
            }

            @Override
            public void complete() {
                contents.put(key, bytes.toString(StandardCharsets.UTF_8));
            }

            @Override
            public void close() {
                open.decrementAndGet();
            }
        };
    }
}
