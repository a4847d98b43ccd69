package io.slipway.agent.node;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A place in the home of a kernel, as its names from the home down; none for the home itself. Free of {@code ..}.
 *
 * @param names each one path element
 */
record HomePath(List<Path> names) {

    /** Where programs in kernels see their home. */
    static final String HOME = "/home/work";

    private static final int LONGEST_TEXT = 4_096;
    private static final int LONGEST_NAME = 255;
    private static final int DEEPEST = 64;

    HomePath {
        names = List.copyOf(names);
    }

    /** Reads what a caller wrote. */
    static HomePath parse(String text) throws RefusedPathException {
        if (text.length() > LONGEST_TEXT) {
            throw new RefusedPathException("the path is longer than " + LONGEST_TEXT + " characters");
        }
        var names = new ArrayList<Path>();
        for (var name : relative(text).split("/", -1)) {
            if (!name.isEmpty() && !name.equals(".")) {
                names.add(element(name, text));
            }
        }
        if (names.size() > DEEPEST) {
            throw new RefusedPathException("the path is deeper than " + DEEPEST + " folders");
        }
        return new HomePath(names);
    }

    private static String relative(String text) throws RefusedPathException {
        if (!text.startsWith("/")) {
            return text;
        }
        if (!text.equals(HOME) && !text.startsWith(HOME + "/")) {
            throw new RefusedPathException("'" + text + "' is not below " + HOME);
        }
        return text.substring(HOME.length());
    }

    private static Path element(String name, String text) throws RefusedPathException {
        if (name.equals("..")) {
            throw new RefusedPathException("'" + text + "' has '..' in it");
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
            throw new RefusedPathException("a name in the path is longer than " + LONGEST_NAME + " bytes");
        }
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new RefusedPathException("the path has characters that no file name has", e);
        }
    }

    boolean isHome() {
        return names.isEmpty();
    }

    /** Returns the last name; that of the home if it is the home. */
    String lastName() {
        return isHome() ? "work" : names.getLast().toString();
    }

    /** Returns the folder that it is in; the home is in itself. */
    HomePath parent() {
        return isHome() ? this : new HomePath(names.subList(0, names.size() - 1));
    }

    HomePath resolve(Path name) {
        var longer = new ArrayList<>(names);
        longer.add(name);
        return new HomePath(longer);
    }

    int depth() {
        return names.size();
    }

    /** Returns it as programs in the kernel see it. */
    String inside() {
        return isHome()
                ? HOME
                : HOME + "/"
                        + String.join("/", names.stream().map(Path::toString).toList());
    }
}
