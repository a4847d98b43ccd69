package io.slipway.model.slot;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Sizes as people write them: a decimal number with an optional binary suffix {@code k m g t p} (any case, optionally
 * followed by {@code b} or {@code ib}), each a power of 1024.
 */
public final class BinarySize {

    private static final Pattern FORM = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)\\s*([kmgtp]?)(?:i?b)?");
    private static final String SUFFIXES = "kmgtp";

    private BinarySize() {}

    /**
     * Reads a size.
     *
     * @param text such as {@code 512m}, {@code 1.5g} or {@code 1073741824}
     * @return bytes, rounded down
     * @throws IllegalArgumentException if the text is no size or above 2^63-1 bytes
     */
    public static long parse(String text) {
        var matcher = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (text.length() > 64 || !matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a size such as 512m, 1.5g or 1073741824");
        }
        var power = matcher.group(2).isEmpty() ? 0 : SUFFIXES.indexOf(matcher.group(2)) + 1;
        var bytes = new BigDecimal(matcher.group(1))
                .multiply(BigDecimal.valueOf(1024).pow(power))
                .setScale(0, RoundingMode.DOWN);
        try {
            return bytes.longValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("'" + text + "' is above 2^63-1 bytes", e);
        }
    }
}
