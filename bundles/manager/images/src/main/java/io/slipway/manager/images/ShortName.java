package io.slipway.manager.images;

import java.util.Optional;
import java.util.regex.Pattern;

/** Names as people type them for Docker: the registry is left out when it is Docker's own, the tag when it is latest. */
final class ShortName {

    private static final Pattern SHORT = Pattern.compile(
            "(?:(?<user>[a-z0-9][a-z0-9_-]*)/)?(?<name>[a-z0-9][a-z0-9._-]*)(?::(?<tag>[\\w][\\w.-]{0,127}))?");

    private ShortName() {}

    /** Returns the whole name; empty if the text is no short name. */
    static Optional<String> canonical(String text) {
        var matcher = SHORT.matcher(text);
        if (text.length() > 256 || !matcher.matches()) {
            return Optional.empty();
        }
        var user = matcher.group("user") == null ? "library" : matcher.group("user");
        var tag = matcher.group("tag") == null ? "latest" : matcher.group("tag");
        return Optional.of("docker.io/" + user + "/" + matcher.group("name") + ":" + tag);
    }
}
