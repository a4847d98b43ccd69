package io.slipway.plugin.guard;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;

/**
 * Which bundles were found in order, and of when their content is: kept in a file, or each start would read every bundle
 * again. Thread-safe.
 */
final class Checked {

    private static final System.Logger LOG = System.getLogger(Checked.class.getName()); // SLF4J is not there that early

    private final Map<Long, Long> changes = new ConcurrentHashMap<>(); // bundle's id to its last change
    private final Path file;

    /**
     * Creates one.
     *
     * @param file what was found so far, a line each; it may be missing
     */
    Checked(Path file) {
        this.file = file;
        try {
            for (var line : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
                var words = line.split(" ", -1);
                if (words.length == 2) {
                    changes.put(Long.valueOf(words[0]), Long.valueOf(words[1]));
                }
            }
        } catch (NoSuchFileException e) {
            LOG.log(Level.DEBUG, "Nothing was checked so far", e);
        } catch (IOException | NumberFormatException e) {
            LOG.log(Level.WARNING, () -> file + " cannot be read, so every bundle is checked again: " + e);
            changes.clear();
        }
        changes.values().removeIf(change -> change == 0);
    }

    /** Writes the file anew, without what is gone. */
    synchronized void tidy() {
        var lines = changes.entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue())
                .toList();
        try {
            Files.write(file, lines, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, () -> file + " cannot be written, so bundles will be checked again", e);
        }
    }

    boolean has(Bundle bundle) {
        var change = changes.get(bundle.getBundleId());
        return change != null && change == bundle.getLastModified();
    }

    void add(Bundle bundle) {
        changes.put(bundle.getBundleId(), bundle.getLastModified());
        write(bundle.getBundleId() + " " + bundle.getLastModified());
    }

    void forget(Bundle bundle) {
        if (changes.remove(bundle.getBundleId()) != null) {
            write(bundle.getBundleId() + " 0");
        }
    }

    private synchronized void write(String line) {
        try {
            Files.writeString(
                    file, line + "\n", StandardCharsets.US_ASCII, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, () -> file + " cannot be written, so a bundle will be checked again", e);
        }
    }
}
