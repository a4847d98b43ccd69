package io.slipway.runtime.process;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads and writes the small files of control groups. */
final class GroupFiles {

    private static final Logger LOG = LoggerFactory.getLogger(GroupFiles.class);
    private static final Duration REMOVAL_LIMIT = Duration.ofSeconds(3);
    private static final Duration PAUSE = Duration.ofMillis(2);

    private GroupFiles() {}

    static void write(Path file, Object value) throws IOException {
        // never CREATE: a missing file means a limit that the kernel does not know, not a file to be made
        Files.writeString(file, value.toString(), StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
    }

    static boolean writeIfThere(Path file, Object value) throws IOException {
        if (!Files.exists(file)) {
            return false;
        }
        write(file, value);
        return true;
    }

    static OptionalLong number(Path file) throws IOException {
        try {
            var text = Files.readString(file).strip();
            return text.matches("[0-9]{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
        } catch (NoSuchFileException e) {
            return OptionalLong.empty();
        }
    }

    /** Returns the number behind a word in a file of lines {@code word number}. */
    static Optional<Long> field(Path file, String word) throws IOException {
        try {
            for (var line : Files.readAllLines(file)) {
                if (line.startsWith(word + " ")) {
                    return Optional.of(
                            Long.valueOf(line.substring(word.length() + 1).strip()));
                }
            }
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    static List<Long> processes(Path group) throws IOException {
        var result = new ArrayList<Long>();
        try {
            for (var line : Files.readAllLines(group.resolve("cgroup.procs"))) {
                result.add(Long.valueOf(line.strip()));
            }
        } catch (NoSuchFileException e) {
            return List.of();
        }
        return result;
    }

    /** Kills what is in a group, until nothing new appears in it. */
    static void killAll(Path group) throws IOException {
        for (var pid : processes(group)) {
            // made before the second look, so that the handle is of a process that is in the group
            var handle = ProcessHandle.of(pid);
            if (handle.isPresent() && processes(group).contains(pid)) {
                handle.get().destroyForcibly();
            }
        }
    }

    /** Removes a group; programs that were just killed may hold it for a moment. */
    static void remove(Path group) throws IOException {
        var deadline = System.nanoTime() + REMOVAL_LIMIT.toNanos();
        while (true) {
            try {
                Files.deleteIfExists(group);
                return;
            } catch (FileSystemException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                pause();
            }
        }
    }

    /** Removes a group that holds no other; one that cannot be removed does no harm. */
    static void removeIfEmpty(Path group) {
        try {
            Files.deleteIfExists(group);
        } catch (IOException e) {
            LOG.debug("{} stays", group, e);
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
