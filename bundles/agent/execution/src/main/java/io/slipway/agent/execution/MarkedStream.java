package io.slipway.agent.execution;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Cuts a shell's raw output into text and the marks that end runs. Holds back what may become a mark or a character.
 */
final class MarkedStream {

    /** Where the pieces go, in order. */
    interface Listener {

        /** Takes text: {@code bytes} is how much it was. */
        void text(String text, int bytes);

        /** Takes the end of a run; the run is {@code *} if the shell ended, whatever it ran. */
        void end(String run, int status);
    }

    private static final byte START = 1;
    private static final byte[] PREFIX = "\u0001slipway:".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_MARK = 128;
    private static final Pattern MARK =
            Pattern.compile("\u0001slipway:(\\*|[A-Za-z0-9_-]{1,64}(?:~(?:clean|build))?):([0-9]{1,3})");

    private final Listener listener;
    private byte[] rest = {};

    MarkedStream(Listener listener) {
        this.listener = listener;
    }

    void feed(byte[] bytes, int length) {
        var data = Arrays.copyOf(rest, rest.length + length);
        System.arraycopy(bytes, 0, data, rest.length, length);
        var text = new ByteArrayOutputStream(data.length);
        var at = 0;
        while (at < data.length) {
            if (data[at] != START || !mayBeMark(data, at)) {
                text.write(data[at++]);
                continue;
            }
            var end = indexOf(data, (byte) '\n', at, Math.min(data.length, at + MAX_MARK));
            if (end < 0 && data.length - at < MAX_MARK) {
                break;
            }
            var mark = MARK.matcher(end < 0 ? "" : new String(data, at, end - at, StandardCharsets.ISO_8859_1));
            if (mark.matches()) {
                give(text.toByteArray(), text.size());
                text.reset();
                listener.end(mark.group(1), Integer.parseInt(mark.group(2)));
                at = end + 1;
            } else {
                text.write(data[at++]);
            }
        }
        var whole = at < data.length ? text.size() : wholeCharacters(text.toByteArray());
        var all = text.toByteArray();
        give(all, whole);
        rest = Arrays.copyOfRange(data, at - (all.length - whole), data.length);
    }

    private void give(byte[] bytes, int length) {
        if (length > 0) {
            listener.text(new String(bytes, 0, length, StandardCharsets.UTF_8), length);
        }
    }

    private static boolean mayBeMark(byte[] data, int at) {
        var length = Math.min(PREFIX.length, data.length - at);
        return Arrays.equals(data, at, at + length, PREFIX, 0, length);
    }

    private static int indexOf(byte[] data, byte wanted, int from, int to) {
        for (var at = from; at < to; at++) {
            if (data[at] == wanted) {
                return at;
            }
        }
        return -1;
    }

    /** Returns how many bytes come before a last character that is not complete. */
    static int wholeCharacters(byte[] bytes) {
        for (var back = 1; back <= Math.min(3, bytes.length); back++) {
            var value = bytes[bytes.length - back] & 0xFF;
            if ((value & 0xC0) != 0x80) {
                var needed = value >= 0xF0 ? 4 : value >= 0xE0 ? 3 : value >= 0xC0 ? 2 : 1;
                return needed > back ? bytes.length - back : bytes.length;
            }
        }
        return bytes.length;
    }
}
