package io.slipway.agent.node;

import io.slipway.agent.api.FileContent;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.SeekableByteChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One file of a home, open; as long as it was when it was opened. */
final class OpenHomeFile implements FileContent {

    private static final Logger LOG = LoggerFactory.getLogger(OpenHomeFile.class);

    private final String name;
    private final long length;
    private final SeekableByteChannel channel;

    private OpenHomeFile(String name, long length, SeekableByteChannel channel) {
        this.name = name;
        this.length = length;
        this.channel = channel;
    }

    static OpenHomeFile open(HomeFolder home, HomePath path) throws IOException {
        var channel = home.file(path);
        try {
            return new OpenHomeFile(path.lastName(), channel.size(), channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        ExactCopy.copy(channel, length, out);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("A file that was read was not closed cleanly", e);
        }
    }
}
