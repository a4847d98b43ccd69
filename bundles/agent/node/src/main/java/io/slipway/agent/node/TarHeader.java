package io.slipway.agent.node;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** The headers of entries of a tar archive: ustar, with a pax header before it where a name or a size does not fit. */
final class TarHeader {

    static final int BLOCK = 512;

    private static final int NAME_BYTES = 100;
    private static final long LARGEST_OCTAL = 077_777_777_777L;
    private static final byte[] MAGIC = {'u', 's', 't', 'a', 'r', 0, '0', '0'};

    private TarHeader() {}

    /**
     * Returns the header of a file or folder.
     *
     * @param name path in the archive; of a folder with a slash at its end
     * @param mode permission bits
     */
    static byte[] of(String name, int mode, long size, long modifiedSeconds) {
        var bytes = name.getBytes(UTF_8);
        var isPlain = bytes.length <= NAME_BYTES && bytes.length == name.length();
        var isSmall = size <= LARGEST_OCTAL;
        var out = new ByteArrayOutputStream(BLOCK);
        if (!isPlain || !isSmall) {
            var records = (isPlain ? "" : pax("path", name)) + (isSmall ? "" : pax("size", Long.toString(size)));
            var content = records.getBytes(UTF_8);
            out.writeBytes(block("pax".getBytes(US_ASCII), 0644, content.length, modifiedSeconds, 'x'));
            out.writeBytes(Arrays.copyOf(content, (int) padded(content.length)));
        }
        var kept = isPlain ? bytes : Arrays.copyOf(ascii(name), Math.min(NAME_BYTES, name.length()));
        out.writeBytes(block(kept, mode, isSmall ? size : 0, modifiedSeconds, name.endsWith("/") ? '5' : '0'));
        return out.toByteArray();
    }

    /** Returns a size rounded up to whole blocks. */
    static long padded(long size) {
        return (size + BLOCK - 1) / BLOCK * BLOCK;
    }

    private static byte[] ascii(String name) {
        return name.replaceAll("[^\\x20-\\x7e]", "_").getBytes(US_ASCII);
    }

    /** Returns {@code LENGTH key=value\n}, where the length counts its own digits. */
    private static String pax(String key, String value) {
        var rest = (" " + key + "=" + value + "\n").getBytes(UTF_8).length;
        var length = rest + Integer.toString(rest).length();
        if (Integer.toString(length).length() > Integer.toString(rest).length()) {
            length++;
        }
        return length + " " + key + "=" + value + "\n";
    }

    private static byte[] block(byte[] name, int mode, long size, long modifiedSeconds, char kind) {
        var block = new byte[BLOCK];
        System.arraycopy(name, 0, block, 0, name.length);
        octal(block, 100, 8, mode);
        octal(block, 108, 8, 0);
        octal(block, 116, 8, 0);
        octal(block, 124, 12, size);
        octal(block, 136, 12, Math.clamp(modifiedSeconds, 0, LARGEST_OCTAL));
        block[156] = (byte) kind;
        System.arraycopy(MAGIC, 0, block, 257, MAGIC.length);
        // the sum counts its own field as blanks
        Arrays.fill(block, 148, 156, (byte) ' ');
        var sum = 0;
        for (var b : block) {
            sum += b & 0xff;
        }
        octal(block, 148, 7, sum);
        return block;
    }

    private static void octal(byte[] block, int from, int width, long value) {
        var digits = Long.toOctalString(value);
        var text = "0".repeat(Math.max(0, width - 1 - digits.length())) + digits;
        System.arraycopy(text.getBytes(US_ASCII), 0, block, from, width - 1);
        block[from + width - 1] = 0;
    }
}
