package io.slipway.plugin.sources;

import io.slipway.plugin.api.OfferedPlugin;
import io.slipway.plugin.api.PluginVerdict;
import org.osgi.framework.Version;

/** Whether a file is what the index of its repository says, beside its digest. */
final class Claims {

    private Claims() {}

    /** Returns what is not true, in words; empty if all is, or if the site does not take the file anyway. */
    static String disagreement(OfferedPlugin offer, PluginVerdict verdict) {
        if (!verdict.isAccepted()) {
            return "";
        }
        if (!Version.parseVersion(verdict.version()).equals(Version.parseVersion(offer.version()))) {
            return "is version " + verdict.version() + ", its index says " + offer.version();
        }
        if (!isSigner(offer.signer(), verdict)) {
            return (verdict.signer().isEmpty() ? "is signed by nobody" : "is signed by " + verdict.signer())
                    + ", its index says by " + offer.signer();
        }
        return "";
    }

    /** A file that the site lists by its digest needs nobody's word. */
    private static boolean isSigner(String claimed, PluginVerdict verdict) {
        var isListed = verdict.finding() == PluginVerdict.Finding.TRUSTED
                && verdict.signer().isEmpty();
        return claimed.isEmpty()
                || isListed
                || claimed.equals(verdict.signer())
                || verdict.signer().startsWith(claimed + " (sha256 ")
                || verdict.signer().endsWith("(sha256 " + claimed.replaceFirst("^sha256:", "") + ")");
    }
}
