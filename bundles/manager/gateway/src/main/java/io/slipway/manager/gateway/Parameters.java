package io.slipway.manager.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.slipway.lib.http.QueryString;
import io.slipway.lib.http.Request;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The parameters of a request. Each is asked for by its name and aliases; the first that is present counts. Unknown ones
 * are ignored. Mistakes are gathered while reading, so that the caller hears of all at once. Confined to one thread.
 */
final class Parameters {

    private static final int MAX_LIST = 1_000;
    private static final Set<String> TRUE = Set.of("true", "1", "yes", "on", "t", "y");
    private static final Set<String> FALSE = Set.of("false", "0", "no", "off", "f", "n");

    private final ObjectNode node;
    private final String prefix;
    private final Map<String, Object> mistakes;

    private Parameters(ObjectNode node, String prefix, Map<String, Object> mistakes) {
        this.node = node;
        this.prefix = prefix;
        this.mistakes = mistakes;
    }

    /** Returns the body's parameters if the request has a body, else the query's. */
    static Parameters of(Request request) throws IOException {
        if (request.header("Content-Type").orElse("").toLowerCase(Locale.ROOT).startsWith("text/yaml")) {
            throw new SlipwayException(FailureCode.NOT_IMPLEMENTED, "Bodies in YAML are not understood; send JSON");
        }
        var body = request.body();
        return body.length == 0 ? ofQuery(request) : of(body);
    }

    static Parameters of(byte[] body) {
        return Json.object(body)
                .map(object -> new Parameters(object, "", new LinkedHashMap<>()))
                .orElseThrow(() -> new SlipwayException(FailureCode.INVALID_PARAMETERS, "Malformed body"));
    }

    static Parameters ofQuery(Request request) {
        var query = QueryString.parse(request.rawQuery())
                .orElseThrow(() -> new SlipwayException(FailureCode.INVALID_PARAMETERS, "Malformed query"));
        var node = Json.newObject();
        query.forEach((name, values) -> node.put(name, values.getFirst()));
        return new Parameters(node, "", new LinkedHashMap<>());
    }

    /**
     * Lets a reader take what it needs.
     *
     * @throws SlipwayException INVALID_PARAMETERS with every mistake by field
     */
    static <T> T read(Parameters parameters, Function<Parameters, T> reader) {
        var value = reader.apply(parameters);
        if (!parameters.mistakes.isEmpty()) {
            throw new SlipwayException(
                    FailureCode.INVALID_PARAMETERS, "Input validation error", parameters.mistakes, null);
        }
        return value;
    }

    /** Notes a mistake. */
    void reject(String name, String reason) {
        mistakes.putIfAbsent(prefix + name, reason);
    }

    /** Returns whether a parameter is there, maybe null. */
    boolean has(String name) {
        return node.has(name);
    }

    /** Returns whether a parameter is there and not null. */
    boolean isPresent(String name) {
        return node.hasNonNull(name);
    }

    String text(String name, String... aliases) {
        var text = optionalText(name, aliases);
        if (text.isEmpty()) {
            reject(name, "is required");
        }
        return text.orElse("");
    }

    Optional<String> optionalText(String name, String... aliases) {
        return anyText(name, aliases).filter(text -> isStorable(name, text));
    }

    /** Returns text that no database is asked for, so that it may have any character. */
    Optional<String> anyText(String name, String... aliases) {
        return find(name, aliases).flatMap(value -> {
            if (!value.isTextual()) {
                reject(name, "must be text");
                return Optional.empty();
            }
            return Optional.of(value.textValue());
        });
    }

    /** Returns a number as its digits, or a text as it is. */
    Optional<String> numberOrText(String name, String... aliases) {
        return find(name, aliases).flatMap(value -> {
            if (!value.isTextual() && !value.isNumber()) {
                reject(name, "must be a number or text");
                return Optional.empty();
            }
            return Optional.of(value.asText());
        });
    }

    boolean flag(boolean fallback, String name, String... aliases) {
        return find(name, aliases)
                .flatMap(value -> {
                    var flag = value.isBoolean() ? Optional.of(value.booleanValue()) : flagOf(scalar(value));
                    if (flag.isEmpty()) {
                        reject(name, "must be true or false");
                    }
                    return flag;
                })
                .orElse(fallback);
    }

    int number(int fallback, int min, int max, String name, String... aliases) {
        return find(name, aliases)
                .map(value -> {
                    try {
                        var number = Integer.parseInt(scalar(value));
                        if (number >= min && number <= max) {
                            return number;
                        }
                    } catch (NumberFormatException e) {
                        reject(name, "must be a whole number");
                    }
                    reject(name, "must be " + min + " to " + max);
                    return fallback;
                })
                .orElse(fallback);
    }

    /** Returns what the text stands for, without regard to case. */
    <T> T choice(T fallback, Map<String, T> choices, String name, String... aliases) {
        return optionalText(name, aliases)
                .map(text -> {
                    var choice = choices.get(text.toLowerCase(Locale.ROOT));
                    if (choice == null) {
                        reject(
                                name,
                                "must be one of "
                                        + String.join(
                                                ", ",
                                                choices.keySet().stream()
                                                        .sorted()
                                                        .toList()));
                    }
                    return choice;
                })
                .orElse(fallback);
    }

    /** Returns the parameters inside an object; none if it is absent or null. */
    Parameters object(String name, String... aliases) {
        var found = find(name, aliases);
        if (found.isPresent() && !found.get().isObject()) {
            reject(name, "must be an object");
        }
        var inside =
                found.filter(JsonNode::isObject).map(ObjectNode.class::cast).orElseGet(Json::newObject);
        return new Parameters(inside, prefix + name + ".", mistakes);
    }

    List<String> texts(String name, String... aliases) {
        var texts = new ArrayList<String>();
        find(name, aliases).ifPresent(value -> {
            if (!value.isArray() || value.size() > MAX_LIST) {
                reject(name, "must be a list of at most " + MAX_LIST + " texts");
                return;
            }
            for (var item : value) {
                if (item.isTextual()) {
                    if (isStorable(name, item.textValue())) {
                        texts.add(item.textValue());
                    }
                } else {
                    reject(name, "must be a list of texts");
                }
            }
        });
        return texts;
    }

    /** Returns an object of texts and numbers as texts; null values are left out. */
    Map<String, String> textMap(String name, String... aliases) {
        var texts = new LinkedHashMap<String, String>();
        var inside = object(name, aliases);
        if (inside.node.size() > MAX_LIST) {
            reject(name, "must have at most " + MAX_LIST + " entries");
            return texts;
        }
        inside.node.properties().forEach(entry -> {
            if (entry.getValue().isValueNode() && !entry.getValue().isNull()) {
                var text = scalar(entry.getValue());
                if (inside.isStorable(entry.getKey(), entry.getKey() + text)) {
                    texts.put(entry.getKey(), text);
                }
            } else if (!entry.getValue().isNull()) {
                inside.reject(entry.getKey(), "must be text or a number");
            }
        });
        return texts;
    }

    /** Returns an object as plain maps, lists, texts and numbers; empty if it is absent or null. */
    Map<String, Object> plainObject(String name) {
        return Json.plain(object(name).node);
    }

    /** Returns whether something that is not there yet is asked for: a value other than null, empty or false. */
    boolean isGiven(String name, String... aliases) {
        return find(name, aliases)
                .filter(value -> !(value.isContainerNode() && value.isEmpty()))
                .filter(value -> !(value.isTextual() && value.textValue().isEmpty()))
                .filter(value -> !(value.isBoolean() && !value.booleanValue()))
                .isPresent();
    }

    /** Not every database holds NUL characters, and no name has one. */
    private boolean isStorable(String name, String text) {
        if (text.indexOf('\0') >= 0) {
            reject(name, "must not have a NUL character");
            return false;
        }
        return true;
    }

    private Optional<JsonNode> find(String name, String... aliases) {
        var value = node.get(name);
        for (var i = 0; value == null && i < aliases.length; i++) {
            value = node.get(aliases[i]);
        }
        return value == null || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    private static Optional<Boolean> flagOf(String text) {
        var lower = text.toLowerCase(Locale.ROOT);
        return TRUE.contains(lower) ? Optional.of(true) : FALSE.contains(lower) ? Optional.of(false) : Optional.empty();
    }

    private static String scalar(JsonNode value) {
        // a double is bounded; a decimal as large as its exponent says would fill the memory
        return value.isDouble() && Double.isFinite(value.doubleValue())
                ? BigDecimal.valueOf(value.doubleValue()).stripTrailingZeros().toPlainString()
                : value.asText();
    }
}
