package io.slipway.runtime.process;

import io.slipway.runtime.spi.KernelStats.Transfer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what the Linux kernel says of processes. A process that is gone, or goes meanwhile, is simply not there. */
final class ProcFiles {

    private static final Path PROC = Path.of("/proc");
    private static final int STATE = 0;
    private static final int SESSION = 3;
    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;
    private static final int THREADS = 17;
    private static final int START_TICKS = 19;
    private static final int RESIDENT_PAGES = 21;
    /** Fixed for programs on every architecture that we know, whatever the kernel's own clock does. */
    private static final long MILLIS_PER_TICK = 10;

    private static final String READ = "read_bytes:";
    private static final String WRITTEN = "write_bytes:";

    private ProcFiles() {}

    /**
     * One line of {@code /proc/PID/stat}.
     *
     * @param state one letter, such as R, S, Z
     * @param session the session's leader
     * @param cpuMillis processor time so far, without children
     * @param threads threads
     * @param startTicks moment of the start, in ticks since the machine's start
     * @param residentPages memory pages in use
     */
    record Stat(char state, long session, long cpuMillis, int threads, long startTicks, long residentPages) {

        /** Returns whether the process is over and only its entry is left. */
        boolean isDead() {
            return state == 'Z' || state == 'X';
        }
    }

    static Optional<Stat> stat(long pid) {
        return firstLine(PROC.resolve(Long.toString(pid)).resolve("stat")).flatMap(ProcFiles::parse);
    }

    /** Reads a stat line; the name in it, in brackets, may hold anything. */
    static Optional<Stat> parse(String line) {
        var fields = line.substring(line.lastIndexOf(')') + 1).strip().split(" ", -1);
        if (fields.length <= RESIDENT_PAGES) {
            return Optional.empty();
        }
        return Optional.of(new Stat(
                fields[STATE].charAt(0),
                Long.parseLong(fields[SESSION]),
                (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS])) * MILLIS_PER_TICK,
                Integer.parseInt(fields[THREADS]),
                Long.parseLong(fields[START_TICKS]),
                Long.parseLong(fields[RESIDENT_PAGES])));
    }

    /** Returns the children of a process, oldest first. */
    static List<Long> children(long pid) {
        var task = PROC.resolve(Long.toString(pid)).resolve("task").resolve(Long.toString(pid));
        var result = new ArrayList<Long>();
        firstLine(task.resolve("children")).ifPresent(line -> {
            for (var word : line.strip().split(" ", -1)) {
                if (!word.isEmpty()) {
                    result.add(Long.valueOf(word));
                }
            }
        });
        return result;
    }

    /** Returns what a process and those of its children that it waited for read from and wrote to disks. */
    static Transfer disk(long pid) {
        var in = 0L;
        var out = 0L;
        for (var line : lines(PROC.resolve(Long.toString(pid)).resolve("io"))) {
            if (line.startsWith(READ)) {
                in = Long.parseLong(line.substring(READ.length()).strip());
            } else if (line.startsWith(WRITTEN)) {
                out = Long.parseLong(line.substring(WRITTEN.length()).strip());
            }
        }
        return new Transfer(in, out);
    }

    /** Returns what went through the network devices that a process sees. */
    static Transfer network(long pid) {
        return Transfer.ofNetworkDevices(lines(PROC.resolve(Long.toString(pid)).resolve("net/dev")));
    }

    /** Returns whether a process sees other network devices than this one. */
    static boolean hasOwnNetwork(long pid) {
        try {
            var own = Files.readSymbolicLink(PROC.resolve("self/ns/net"));
            return !Files.readSymbolicLink(PROC.resolve(Long.toString(pid)).resolve("ns/net"))
                    .equals(own);
        } catch (IOException e) {
            return false;
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Returns the name of the program that a process runs, at most 15 characters. */
    static Optional<String> programName(long pid) {
        return firstLine(PROC.resolve(Long.toString(pid)).resolve("comm"));
    }

    /** Returns the number of the pid namespace that a process is in. */
    static Optional<Long> pidNamespace(long pid) {
        try {
            var link = Files.readSymbolicLink(PROC.resolve(Long.toString(pid)).resolve("ns/pid"))
                    .toString();
            return Optional.of(Long.valueOf(link.substring(link.indexOf('[') + 1, link.length() - 1)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Returns the pids of all processes. */
    static List<Long> all() throws IOException {
        var result = new ArrayList<Long>();
        try (var entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
            entries.forEach(entry -> result.add(Long.valueOf(entry.getFileName().toString())));
        }
        return result;
    }

    /** Returns what tells this run of the machine from others. */
    static String bootId() {
        return firstLine(PROC.resolve("sys/kernel/random/boot_id")).orElse("unknown");
    }

    private static Optional<String> firstLine(Path file) {
        try {
            var text = Files.readString(file);
            var end = text.indexOf('\n');
            return Optional.of(end < 0 ? text : text.substring(0, end));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
