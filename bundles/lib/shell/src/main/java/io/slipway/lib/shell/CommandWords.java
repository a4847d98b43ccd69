package io.slipway.lib.shell;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Option;
import org.jspecify.annotations.Nullable;

/**
 * The words behind a command's first name. Karaf's parser takes all of them for names; this one takes the options out, sets
 * them, and gives the names that are left to the arguments.
 */
final class CommandWords {

    private static final String END_OF_OPTIONS = "--";
    private static final String JSON = "--json";

    private final Object command;
    private final List<Field> arguments = new ArrayList<>();
    private final Map<String, Field> options = new HashMap<>();

    CommandWords(Object command) {
        this.command = command;
        for (Class<?> type = command.getClass(); type != null; type = type.getSuperclass()) {
            for (var field : type.getDeclaredFields()) {
                look(field);
            }
        }
        arguments.sort(Comparator.comparingInt(
                field -> field.getAnnotation(Argument.class).index()));
    }

    private void look(Field field) {
        if (field.isAnnotationPresent(Argument.class)) {
            field.setAccessible(true);
            arguments.add(field);
        }
        var option = field.getAnnotation(Option.class);
        if (option != null) {
            field.setAccessible(true);
            options.put(option.name(), field);
            for (var alias : option.aliases()) {
                options.put(alias, field);
            }
        }
    }

    /** Sets {@code --json} alone, first of all: what is wrong with the other words is told as JSON. */
    void settleJson() {
        var json = options.get(JSON);
        if (json != null
                && words().stream()
                        .takeWhile(word -> !word.equals(END_OF_OPTIONS))
                        .anyMatch(JSON::equals)) {
            set(json, true);
        }
    }

    /**
     * Sorts the words out.
     *
     * @throws CommandFailure if one is no option, lacks its value, is too many or is missing
     */
    void settle() throws CommandFailure {
        var names = names(words());
        if (names.size() > arguments.size()) {
            throw new CommandFailure("'" + names.get(arguments.size()) + "' is one word too many; --help shows the form"
                    + " (text with blanks stands in quotes)");
        }
        for (var index = 0; index < arguments.size(); index++) {
            var field = arguments.get(index);
            var name = index < names.size() ? names.get(index) : null;
            if (name == null && isNeeded(field)) {
                throw new CommandFailure(
                        field.getAnnotation(Argument.class).name() + " is missing; --help shows the form");
            }
            set(field, field.getType() == List.class ? (name == null ? List.of() : List.of(name)) : name);
        }
    }

    /** Karaf itself must not be told what is needed: it would refuse before anybody asks whether JSON is wanted. */
    private static boolean isNeeded(Field argument) {
        return argument.getAnnotation(Argument.class).valueToShowInHelp().equals(Argument.DEFAULT_STRING);
    }

    private List<String> words() {
        var words = new ArrayList<String>();
        for (var argument : arguments) {
            var value = get(argument);
            if (value instanceof List<?> several) {
                several.forEach(word -> words.add(String.valueOf(word)));
            } else if (value != null) {
                words.add(value.toString());
            }
        }
        return words;
    }

    private List<String> names(List<String> words) throws CommandFailure {
        var names = new ArrayList<String>();
        for (var left = words.iterator(); left.hasNext(); ) {
            var word = left.next();
            var equals = word.indexOf('=');
            var option = options.get(equals < 0 ? word : word.substring(0, equals));
            if (word.equals(END_OF_OPTIONS)) {
                left.forEachRemaining(names::add);
            } else if (option != null) {
                take(word, option, equals < 0 ? null : word.substring(equals + 1), left);
            } else if (word.startsWith(END_OF_OPTIONS)) {
                throw new CommandFailure("there is no option " + word + "; --help shows those there are");
            } else {
                names.add(word);
            }
        }
        return names;
    }

    private void take(String word, Field option, @Nullable String given, Iterator<String> left) throws CommandFailure {
        if (option.getType() == boolean.class) {
            set(option, given == null || Boolean.parseBoolean(given));
            return;
        }
        if (given == null && !left.hasNext()) {
            throw new CommandFailure(word + " needs a value");
        }
        var value = given == null ? left.next() : given;
        if (option.getType() == int.class) {
            set(option, number(word, value));
        } else if (option.getType() == List.class) {
            set(option, with(get(option), value));
        } else {
            set(option, value);
        }
    }

    private static int number(String option, String text) throws CommandFailure {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new CommandFailure(option + ": '" + text + "' is no whole number", e);
        }
    }

    private static List<String> with(@Nullable Object before, String value) {
        var all = new ArrayList<String>();
        if (before instanceof List<?> several) {
            several.forEach(each -> all.add(String.valueOf(each)));
        }
        all.add(value);
        return List.copyOf(all);
    }

    private @Nullable Object get(Field field) {
        try {
            return field.get(command);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("it was made accessible", e);
        }
    }

    private void set(Field field, @Nullable Object value) {
        try {
            field.set(command, value);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("it was made accessible", e);
        }
    }
}
