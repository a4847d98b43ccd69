package io.slipway.runtime.process;

import java.util.Collection;
import java.util.stream.Collectors;

/** Writes texts so that a POSIX shell reads exactly them. */
final class ShellWords {

    private ShellWords() {}

    static String quote(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a text with a NUL cannot be an argument");
        }
        return "'" + text.replace("'", "'\\''") + "'";
    }

    static String quote(Collection<String> texts) {
        return texts.stream().map(ShellWords::quote).collect(Collectors.joining(" "));
    }
}
