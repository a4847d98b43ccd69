package io.slipway.agent.execution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What must outlive the agent about a shell's runs, in the shell's folder: {@code code} and {@code run} are the run that
 * was handed over last, {@code ended-RUN} is the status of one whose end nobody has fetched, {@code group} the process
 * group to interrupt.
 */
final class ShellFiles {

    private static final Logger LOG = LoggerFactory.getLogger(ShellFiles.class);
    private static final String READABLE = "rw-r--r--";

    private final Path folder;

    ShellFiles(Path folder) {
        this.folder = folder;
    }

    /** Returns the run that was handed over and has not ended, or an empty text. */
    String run() throws IOException {
        return read("run");
    }

    /** Returns the shell's process group, or an empty text if none was told yet. */
    String group() throws IOException {
        return read("group");
    }

    /** Returns run and status of each end that nobody has fetched. */
    Map<String, Integer> ends() throws IOException {
        var ends = new TreeMap<String, Integer>();
        try (var files = Files.newDirectoryStream(folder, "ended-*")) {
            for (var file : files) {
                var name = file.getFileName().toString();
                if (!name.endsWith(".new")) {
                    ends.put(name.substring("ended-".length()), Integer.parseInt(Files.readString(file)));
                }
            }
        }
        return ends;
    }

    /** Keeps the command of a task for the driver; an earlier one of this name stays. */
    void task(String name, String command) throws IOException {
        var file = folder.resolve("task-" + name);
        if (!Files.exists(file)) {
            DriverFolders.writeWhole(file, command + '\n', READABLE);
        }
    }

    void begin(Submission submission) throws IOException {
        DriverFolders.writeWhole(folder.resolve("code"), submission.code() + '\n', READABLE);
        DriverFolders.writeWhole(folder.resolve("run"), submission.run(), READABLE);
    }

    void end(String run, int status) {
        try {
            DriverFolders.writeWhole(folder.resolve("ended-" + run), Integer.toString(status), READABLE);
            Files.deleteIfExists(folder.resolve("run"));
        } catch (IOException e) {
            LOG.warn("A run's end would not outlive this agent: run={} reason={}", run, e.toString());
        }
    }

    void forget(String run) {
        try {
            Files.deleteIfExists(folder.resolve("ended-" + run));
        } catch (IOException e) {
            LOG.warn("A run's end may be told twice: run={} reason={}", run, e.toString());
        }
    }

    void rememberGroup(String group) {
        try {
            DriverFolders.writeWhole(folder.resolve("group"), group, READABLE);
        } catch (IOException e) {
            LOG.warn("Interrupts would not work after a restart of this agent: {}", e.toString());
        }
    }

    private String read(String name) throws IOException {
        try {
            return Files.readString(folder.resolve(name)).strip();
        } catch (NoSuchFileException e) {
            return "";
        }
    }
}
