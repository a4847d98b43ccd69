package io.slipway.plugin.lifecycle;

import java.util.regex.Pattern;
import org.osgi.framework.BundleException;

/** What went wrong with a plug-in, in one line for the operator. */
final class FailureWords {

    private static final Pattern MISSING_PACKAGE =
            Pattern.compile("missing requirement .*?osgi\\.wiring\\.package; (\\(.*?osgi\\.wiring\\.package=([^)]+)\\)"
                    + "(?:\\(version>=([^)]+)\\))?)");
    private static final Pattern CAUSE = Pattern.compile("(?m)^Caused by: (.+)$");
    private static final int LONGEST = 500;

    private FailureWords() {}

    /** Tells why a bundle could not be installed or started. */
    static String of(BundleException failure) {
        var missing = MISSING_PACKAGE.matcher(String.valueOf(failure.getMessage()));
        if (failure.getType() == BundleException.RESOLVE_ERROR && missing.find()) {
            var version = missing.group(3) == null ? "" : " of version " + missing.group(3) + " or later";
            return "it imports the package " + missing.group(2) + version + ", which no bundle exports";
        }
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return oneLine(root instanceof BundleException ? String.valueOf(root.getMessage()) : root.toString());
    }

    /** Tells the innermost cause of a printed stack trace. */
    static String ofStackTrace(String trace) {
        var cause = CAUSE.matcher(trace);
        var words = trace.lines().findFirst().orElse("");
        while (cause.find()) {
            words = cause.group(1);
        }
        return oneLine(words);
    }

    private static String oneLine(String text) {
        var line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    }
}
