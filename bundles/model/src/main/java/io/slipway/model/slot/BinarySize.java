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

    /**
     * Writes a size for people: with the largest suffix that leaves a number of at least 1, and with at most one decimal,
     * rounded down.
     *
     * @param bytes at least 0
     * @return such as {@code 512m}, {@code 1.5g} or {@code 100}
     */
    public static String text(long bytes) {
        long unit = 1;
        int power = 0;
        while (power < SUFFIXES.length() && bytes / unit >= 1024) {
            unit *= 1024;
            power++;
        }
        var suffix = power == 0 ? "" : SUFFIXES.substring(power - 1, power);
        var tenths = unit == 1 ? 0 : bytes % unit / (unit / 1024) * 10 / 1024;
        return bytes / unit + (tenths == 0 ? "" : "." + tenths) + suffix;
    }
}
