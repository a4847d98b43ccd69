package io.slipway.runtime.docker;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes a container's environment of the kernel's and the image's: the kernel's wins, and what would change the programs
 * that run before the user's own code is taken out of the image's.
 */
final class ImageEnvironment {

    private static final String HOME = "/home/work";
    private static final String USER = "work";
    private static final List<String> FOLDERS =
            List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");
    private static final Set<String> TAKEN_OUT = Set.of(
            "ENV", "BASH_ENV", "SHELLOPTS", "BASHOPTS", "IFS", "PS4", "CDPATH", "GCONV_PATH", "HOSTALIASES", "LOCPATH");
    private static final List<String> PREFIXES_TAKEN_OUT =
            List.of("LD_PRELOAD", "LD_AUDIT", "LD_DEBUG", "PYTHON", "BASH_FUNC_", "SLIPWAY_", "BACKENDAI_", "MALLOC_");

    private ImageEnvironment() {}

    /**
     * Returns what the engine is to be told. A name without a value takes the image's variable out.
     *
     * @param kernel the kernel's variables
     * @param image the image's, as {@code NAME=value}
     */
    static List<String> merge(Map<String, String> kernel, List<String> image) {
        var names = new LinkedHashMap<String, String>();
        for (var entry : image) {
            var mark = entry.indexOf('=');
            names.put(mark < 0 ? entry : entry.substring(0, mark), mark < 0 ? "" : entry.substring(mark + 1));
        }
        var result = new LinkedHashMap<String, String>();
        result.put("HOME", HOME);
        // images do not know the user's number
        result.put("USER", USER);
        result.put("LOGNAME", USER);
        result.put("PATH", path(names.getOrDefault("PATH", "")));
        result.putAll(kernel);
        var lines = new ArrayList<String>();
        result.forEach((name, value) -> lines.add(name + "=" + value));
        names.keySet().stream()
                .filter(name -> !result.containsKey(name) && isTakenOut(name))
                .forEach(lines::add);
        return lines;
    }

    private static boolean isTakenOut(String name) {
        return TAKEN_OUT.contains(name) || PREFIXES_TAKEN_OUT.stream().anyMatch(name::startsWith);
    }

    private static String path(String images) {
        var folders = new ArrayList<String>();
        for (var folder : images.split(":", -1)) {
            if (folder.startsWith("/") && !folders.contains(folder)) {
                folders.add(folder);
            }
        }
        FOLDERS.stream().filter(folder -> !folders.contains(folder)).forEach(folders::add);
        return String.join(":", folders);
    }
}
