package io.slipway.manager.shell;

import io.slipway.model.failure.SlipwayException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** The options of {@code session-create} that stand behind the image, which Karaf's own parser does not take for options. */
final class LateOptions {

    private final SessionCreateCommand command;

    LateOptions(SessionCreateCommand command) {
        this.command = command;
    }

    /**
     * Sets what the words say.
     *
     * @throws SlipwayException if a word is no option, or one lacks its value
     */
    void take(List<String> words) {
        for (var left = words.iterator(); left.hasNext(); ) {
            var word = left.next();
            switch (word) {
                case "--json" -> command.isJson = true;
                case "--no-wait" -> command.isNoWait = true;
                case "-n", "--name" -> command.name = value(word, left);
                case "-p", "--project" -> command.project = value(word, left);
                case "-r", "--resource" -> addResource(value(word, left));
                case "--owner" -> command.ownerKey = value(word, left);
                case "--max-wait" -> command.maxWaitSeconds = seconds(value(word, left));
                default ->
                    throw SlipwayException.invalid(
                            "option", "'" + word + "' is unknown; see slipway:session-create --help");
            }
        }
    }

    private void addResource(String resource) {
        var before = command.resources;
        var resources = before == null ? new ArrayList<String>() : new ArrayList<>(before);
        resources.add(resource);
        command.resources = resources;
    }

    private static String value(String option, Iterator<String> left) {
        if (!left.hasNext()) {
            throw SlipwayException.invalid("option", option + " needs a value");
        }
        return left.next();
    }

    private static int seconds(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw SlipwayException.invalid("--max-wait", "'" + text + "' is no whole number of seconds");
        }
    }
}
