package io.slipway.karaf.subject;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/**
 * Lets calls of some static methods go to another class of the same signatures.
 *
 * <p>A call names an entry of the constant pool; giving that entry another class changes the callee and no byte of code.
 */
final class ConstantPoolRewriter {

    /** A static method by the names that a class file uses. */
    record Method(String owner, String name, String descriptor) {}

    private static final int UTF8 = 1;
    private static final int INTEGER = 3;
    private static final int FLOAT = 4;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;
    private static final int CLASS = 7;
    private static final int STRING = 8;
    private static final int FIELD = 9;
    private static final int METHOD = 10;
    private static final int INTERFACE_METHOD = 11;
    private static final int NAME_AND_TYPE = 12;
    private static final int METHOD_HANDLE = 15;
    private static final int METHOD_TYPE = 16;
    private static final int DYNAMIC = 17;
    private static final int INVOKE_DYNAMIC = 18;
    private static final int MODULE = 19;
    private static final int PACKAGE = 20;
    private static final int COUNT_OFFSET = 8;
    private static final int POOL_OFFSET = 10;
    private static final int MAX_COUNT = 0xFFFF;

    private final Set<Method> from;
    private final String to;

    /**
     * @param from the methods whose calls are redirected
     * @param to the class that has them instead, as {@code a/b/C}
     */
    ConstantPoolRewriter(Set<Method> from, String to) {
        this.from = Set.copyOf(from);
        this.to = to;
    }

    /**
     * Redirects the calls of one class.
     *
     * @return the changed class file, or nothing if it has no such call
     * @throws IllegalArgumentException if the bytes are no class file that this understands
     */
    Optional<byte[]> rewrite(byte[] classFile) {
        Pool pool = Pool.parse(classFile);
        byte[] changed = classFile.clone();
        boolean any = false;
        for (int i = 1; i < pool.count; i++) {
            if (pool.tags[i] == METHOD && from.contains(pool.method(i))) {
                // the new class entry follows its name, both after the last entry
                putShort(changed, pool.offsets[i], pool.count + 1);
                any = true;
            }
        }
        return any ? Optional.of(append(changed, pool)) : Optional.empty();
    }

    private byte[] append(byte[] changed, Pool pool) {
        if (pool.count + 2 > MAX_COUNT) {
            throw new IllegalArgumentException("constant pool is full");
        }
        putShort(changed, COUNT_OFFSET, pool.count + 2);
        var out = new ByteArrayOutputStream(changed.length + to.length() + 6);
        try (var data = new DataOutputStream(out)) {
            data.write(changed, 0, pool.end);
            data.writeByte(UTF8);
            data.writeUTF(to);
            data.writeByte(CLASS);
            data.writeShort(pool.count);
            data.write(changed, pool.end, changed.length - pool.end);
        } catch (IOException e) {
            throw new UncheckedIOException("write to memory failed", e);
        }
        return out.toByteArray();
    }

    private static void putShort(byte[] bytes, int offset, int value) {
        bytes[offset] = (byte) (value >>> 8);
        bytes[offset + 1] = (byte) value;
    }

    /** The constant pool of one class: the tag of each entry and where its content starts. */
    private static final class Pool {

        private final byte[] bytes;
        private final int count;
        private final int[] tags;
        private final int[] offsets;
        private int end = POOL_OFFSET;

        private Pool(byte[] bytes, int count) {
            this.bytes = bytes;
            this.count = count;
            this.tags = new int[count];
            this.offsets = new int[count];
        }

        static Pool parse(byte[] bytes) {
            if (bytes.length < POOL_OFFSET) {
                throw new IllegalArgumentException("no class file: " + bytes.length + " bytes");
            }
            var pool = new Pool(bytes, shortAt(bytes, COUNT_OFFSET));
            try {
                for (int i = 1; i < pool.count; i++) {
                    i += pool.readEntry(i);
                }
            } catch (ArrayIndexOutOfBoundsException e) {
                throw new IllegalArgumentException("class file ends inside its constant pool", e);
            }
            return pool;
        }

        /** Returns how many further indexes the entry takes. */
        private int readEntry(int index) {
            int tag = bytes[end];
            tags[index] = tag;
            offsets[index] = end + 1;
            int length = switch (tag) {
                case UTF8 -> 2 + shortAt(bytes, end + 1);
                case CLASS, STRING, METHOD_TYPE, MODULE, PACKAGE -> 2;
                case METHOD_HANDLE -> 3;
                case INTEGER, FLOAT, FIELD, METHOD, INTERFACE_METHOD, NAME_AND_TYPE, DYNAMIC, INVOKE_DYNAMIC -> 4;
                case LONG, DOUBLE -> 8;
                default -> throw new IllegalArgumentException("unknown constant pool tag " + tag);
            };
            end += 1 + length;
            return tag == LONG || tag == DOUBLE ? 1 : 0;
        }

        Method method(int index) {
            int owner = shortAt(bytes, offsets[index]);
            int nameAndType = shortAt(bytes, offsets[index] + 2);
            return new Method(
                    text(shortAt(bytes, offsets[owner])),
                    text(shortAt(bytes, offsets[nameAndType])),
                    text(shortAt(bytes, offsets[nameAndType] + 2)));
        }

        private String text(int index) {
            int start = offsets[index];
            // modified UTF-8 differs from UTF-8 only for characters that none of the redirected methods has
            return new String(bytes, start + 2, shortAt(bytes, start), StandardCharsets.UTF_8);
        }

        private static int shortAt(byte[] bytes, int offset) {
            return ((bytes[offset] & 0xFF) << 8) | (bytes[offset + 1] & 0xFF);
        }
    }
}
