package io.slipway.runtime.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where control groups are on this node.
 *
 * @param first controller to the top of its tree, of the first version
 * @param second the top of the tree of the second version, or null
 */
record ControlGroupMounts(Map<String, Path> first, @Nullable Path second) {

    private static final int DEVICE_FIELDS = 4;

    ControlGroupMounts {
        first = Map.copyOf(first);
    }

    static ControlGroupMounts ofThisNode() throws IOException {
        return parse(Files.readAllLines(Path.of("/proc/mounts")));
    }

    /** Reads lines of {@code /proc/mounts}. */
    static ControlGroupMounts parse(List<String> lines) {
        var first = new HashMap<String, Path>();
        Path second = null;
        for (var line : lines) {
            var fields = line.split(" ", -1);
            // a path with blanks is written with \040; such a mount would break the supervisor's word lists
            if (fields.length < DEVICE_FIELDS || fields[1].contains("\\")) {
                continue;
            }
            if (fields[2].equals("cgroup2")) {
                second = Path.of(fields[1]);
            } else if (fields[2].equals("cgroup")) {
                for (var option : fields[3].split(",", -1)) {
                    first.putIfAbsent(option, Path.of(fields[1]));
                }
            }
        }
        return new ControlGroupMounts(first, second);
    }

    /**
     * Chooses the form that can hold kernels to their limits.
     *
     * @param scope relative path of the folder that holds the groups of this installation's kernels
     * @param ownGroup our own group in the second version's tree, relative to its top; under it a user may make groups
     */
    ControlGroups choose(String scope, boolean isRoot, String ownGroup) {
        if (second != null && hasMemory(second)) {
            try {
                return ControlGroupsV2.in(isRoot ? second : second.resolve(ownGroup), scope);
            } catch (IOException e) {
                return new NoControlGroups("no writable control group (" + e + ")");
            }
        }
        var old = ControlGroupsV1.in(first, scope);
        if (old.isPresent()) {
            return old.get();
        }
        return new NoControlGroups(
                first.isEmpty() ? "this node has no control groups" : "no writable control group under " + tops());
    }

    private static boolean hasMemory(Path top) {
        try {
            return List.of(Files.readString(top.resolve("cgroup.controllers"))
                            .strip()
                            .split("\\s+", -1))
                    .contains("memory");
        } catch (IOException e) {
            return false;
        }
    }

    private String tops() {
        return Optional.ofNullable(first.get("memory")).map(Path::toString).orElse("/sys/fs/cgroup");
    }

    /** Returns our own group in the second version's tree, relative to its top. */
    static String ownGroup() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/cgroup")).stream()
                .filter(line -> line.startsWith("0::/"))
                .map(line -> line.substring("0::/".length()))
                .findFirst()
                .orElse("");
    }
}
