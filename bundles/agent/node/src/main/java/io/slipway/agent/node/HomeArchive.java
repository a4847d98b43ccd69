package io.slipway.agent.node;

import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.FileContent;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A tar archive of a part of a home: first planned, so that its length is known, then written file by file. Links are left
 * out: one that leads outside, together with a later entry below it, would write where the receiver does not expect it.
 */
final class HomeArchive implements FileContent {

    private static final int MOST_ENTRIES = 10_000;
    private static final long MOST_BYTES = 64L << 30;
    private static final int DEEPEST = 64;
    private static final int LONGEST_NAME = 4_096;
    private static final long MOST_NAMES = 8L << 20;
    private static final int ENTRY_OVERHEAD = 256;
    private static final long END_BYTES = 2L * TarHeader.BLOCK;

    private final String name;
    private final List<Entry> entries;
    private final Opener opener;
    private final ArchiveRoom.Place room;

    /** A file or folder to come; a folder has size 0. */
    private record Entry(HomePath path, String entryName, int mode, long modifiedSeconds, long size, boolean isFile) {

        byte[] header() {
            return TarHeader.of(isFile ? entryName : entryName + "/", mode, size, modifiedSeconds);
        }

        /** Returns about what it takes of the heap: characters of two bytes, and a reference for each folder. */
        long held() {
            return 2L * entryName.length() + 8L * path.depth() + ENTRY_OVERHEAD;
        }

        long bytes() {
            return header().length + TarHeader.padded(size);
        }
    }

    /** Opens files when their turn has come. */
    interface Opener {
        SeekableByteChannel open(HomePath file) throws AgentException;
    }

    private HomeArchive(String name, List<Entry> entries, Opener opener, ArchiveRoom.Place room) {
        this.name = name;
        this.entries = entries;
        this.opener = opener;
        this.room = room;
    }

    /** Looks at everything that is to be in an archive. What that takes counts until the archive is closed. */
    static HomeArchive plan(HomeFolder home, HomePath path, Opener opener, ArchiveRoom room) throws IOException {
        var place = room.open();
        var isPlanned = false;
        try {
            var archive = new HomeArchive(path.lastName() + ".tar", entries(home, path, place), opener, place);
            isPlanned = true;
            return archive;
        } finally {
            if (!isPlanned) {
                place.close();
            }
        }
    }

    private static List<Entry> entries(HomeFolder home, HomePath path, ArchiveRoom.Place room) throws IOException {
        var plan = new Plan(room);
        if (path.isHome()) {
            try (var folder = home.folder(path)) {
                plan.add(path, path.lastName(), home.owner());
                plan.addAll(folder, path, path.lastName());
            }
        } else {
            try (var parent = home.folder(path.parent())) {
                plan.addNamed(parent, path, path.lastName());
            }
        }
        if (plan.entries.isEmpty()) {
            throw new RefusedPathException("'" + path.lastName() + "' is neither a file nor a folder");
        }
        return List.copyOf(plan.entries);
    }

    /** What was found so far. */
    private static final class Plan {

        private final List<Entry> entries = new ArrayList<>();
        private final ArchiveRoom.Place room;
        private long bytes;
        private long names;

        Plan(ArchiveRoom.Place room) {
            this.room = room;
        }

        void addNamed(SecureDirectoryStream<Path> parent, HomePath path, String entryName) throws IOException {
            var last = path.names().getLast();
            var attributes = HomeFolder.attributes(parent, last);
            if (attributes.isRegularFile()) {
                add(path, entryName, attributes);
            } else if (attributes.isDirectory()) {
                add(path, entryName, attributes);
                try (var folder = HomeFolder.child(parent, last)) {
                    addAll(folder, path, entryName);
                }
            }
        }

        void addAll(SecureDirectoryStream<Path> folder, HomePath path, String entryName) throws IOException {
            if (path.depth() >= DEEPEST) {
                throw new RefusedPathException("folders are nested deeper than " + DEEPEST);
            }
            for (var found : folder) {
                var inner = found.getFileName();
                if (inner != null && HomeFolder.look(folder, inner).isPresent()) {
                    addNamed(folder, path.resolve(inner), entryName + "/" + inner);
                }
            }
        }

        void add(HomePath path, String entryName, PosixFileAttributes attributes) throws IOException {
            names += entryName.length();
            if (entryName.length() > LONGEST_NAME || names > MOST_NAMES) {
                throw new RefusedPathException(
                        "the names of what is there are too long; take smaller parts, or pack them into one file in"
                                + " the session");
            }
            var isFile = attributes.isRegularFile();
            var size = isFile ? attributes.size() : 0;
            var seconds = attributes.lastModifiedTime().to(TimeUnit.SECONDS);
            var entry = new Entry(path, entryName, bits(attributes.permissions()), seconds, size, isFile);
            room.take(entry.held());
            entries.add(entry);
            bytes += entry.bytes();
            if (entries.size() > MOST_ENTRIES) {
                throw new RefusedPathException("there are more than " + MOST_ENTRIES
                        + " files and folders; take smaller parts, or pack them into one file in the session");
            }
            if (bytes > MOST_BYTES) {
                throw new RefusedPathException("there is more than " + (MOST_BYTES >> 30) + " GiB; take smaller parts");
            }
        }
    }

    private static int bits(Set<PosixFilePermission> permissions) {
        var bits = 0;
        for (var sign : PosixFilePermissions.toString(permissions).toCharArray()) {
            bits = bits << 1 | (sign == '-' ? 0 : 1);
        }
        return bits;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long length() {
        return entries.stream().mapToLong(Entry::bytes).sum() + END_BYTES;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        for (var entry : entries) {
            out.write(entry.header());
            if (entry.isFile() && entry.size() > 0) {
                write(entry, out);
            }
        }
        out.write(new byte[(int) END_BYTES]);
    }

    private void write(Entry entry, OutputStream out) throws IOException {
        try (var channel = opener.open(entry.path())) {
            ExactCopy.copy(channel, entry.size(), out);
        } catch (AgentException e) {
            // the length is promised; better a download that breaks off than one that lies
            throw new IOException(entry.path().inside() + " is gone: " + e.getMessage(), e);
        }
        out.write(new byte[(int) (TarHeader.padded(entry.size()) - entry.size())]);
    }

    @Override
    public void close() {
        room.close(); // nothing else is held between two files
    }
}
