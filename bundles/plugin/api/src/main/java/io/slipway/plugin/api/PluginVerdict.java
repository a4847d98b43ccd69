package io.slipway.plugin.api;

/**
 * What a look at a plug-in's file, before any class of it is loaded, has found.
 *
 * @param finding in one word
 * @param bundle symbolic name of the bundle; empty if the file is none
 * @param version its bundle version; empty if the file is no bundle
 * @param digest SHA-256 of the file that was looked at, lower-case hex: install only bytes that have it. Empty if the file
 *     is too large
 * @param signer who signed, as name and certificate fingerprint; empty if nobody did or it does not hold
 * @param words the finding for people, one sentence
 */
public record PluginVerdict(
        Finding finding, String bundle, String version, String digest, String signer, String words) {

    /** What was found. */
    public enum Finding {
        /** Whole, and signed by a trusted certificate. */
        TRUSTED,
        /** Not signed, which the site's settings allow. */
        UNSIGNED_ALLOWED,
        /** Not a readable bundle. */
        NO_BUNDLE,
        /** Larger than the limits, packed or unpacked. */
        TOO_LARGE,
        /** At least one entry is not signed. */
        UNSIGNED,
        /** Changed after it was signed. */
        TAMPERED,
        /** Signed, by nobody whom the site trusts. */
        UNTRUSTED,
        /** Signed by a trusted certificate outside of its days. */
        EXPIRED,
        /** The file or its certificate is on the site's list of revoked ones. */
        REVOKED,
        /** Older than the lowest version that the site takes. */
        BELOW_FLOOR
    }

    /** Returns the finding with its words, as a refusal says it. */
    public String reason() {
        return finding + ": " + words;
    }

    /** Whether the site's settings let the file be installed. */
    public boolean isAccepted() {
        return finding == Finding.TRUSTED || finding == Finding.UNSIGNED_ALLOWED;
    }
}
