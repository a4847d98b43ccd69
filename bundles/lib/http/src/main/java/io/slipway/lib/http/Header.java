package io.slipway.lib.http;

/**
 * One header line.
 *
 * @param name its name
 * @param value its value, without line ends
 */
public record Header(String name, String value) {

    /**
     * Refuses line ends, which would let a value smuggle in further headers.
     *
     * @throws IllegalArgumentException if the name is empty or one of the two has a control character
     */
    public Header {
        if (name.isEmpty() || hasControl(name) || hasControl(value)) {
            throw new IllegalArgumentException("header '" + name + "' is empty or has control characters");
        }
    }

    private static boolean hasControl(String text) {
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                return true;
            }
        }
        return false;
    }
}
