package io.slipway.plugin.sources;

import io.slipway.plugin.api.PluginVerdict.Finding;

/** Ends the look at a file that is not taken. */
final class Refused extends Exception {

    private static final long serialVersionUID = 1L;

    private final Finding finding;

    Refused(Finding finding, String words) {
        super(words);
        this.finding = finding;
    }

    Finding finding() {
        return finding;
    }

    String words() {
        return String.valueOf(getMessage());
    }
}
