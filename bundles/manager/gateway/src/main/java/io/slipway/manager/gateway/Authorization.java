package io.slipway.manager.gateway;

import java.util.Locale;
import java.util.Optional;

/**
 * The parts of an {@code Authorization} header.
 *
 * @param method how it is signed, such as {@code HMAC-SHA256}
 * @param accessKey who signed
 * @param signature lower-case hexadecimal
 */
record Authorization(String method, String accessKey, String signature) {

    /** Hashes that a signature may be made with. */
    enum Hash {
        /** What every client uses. */
        SHA256("HmacSHA256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        /** Longer. */
        SHA512(
                "HmacSHA512",
                "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
                        + "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e");

        private final String algorithm;
        private final String emptyDigest;

        Hash(String algorithm, String emptyDigest) {
            this.algorithm = algorithm;
            this.emptyDigest = emptyDigest;
        }

        /** Returns the name of the code in the Java platform. */
        String algorithm() {
            return algorithm;
        }

        /** Returns the digest of nothing, hexadecimal. */
        String emptyDigest() {
            return emptyDigest;
        }
    }

    /**
     * Reads the header.
     *
     * @throws Refusal if it is malformed
     */
    static Authorization parse(String header) {
        var blank = header.indexOf(' ');
        if (blank < 0) {
            throw refuse("Malformed authorization header");
        }
        var scheme = header.substring(0, blank);
        if (!scheme.equals("BackendAI") && !scheme.equals("Sorna")) {
            throw refuse("Invalid authorization type name");
        }
        String method = null;
        String credential = null;
        for (var part : header.substring(blank + 1).split(",", -1)) {
            var equals = part.indexOf('=');
            if (equals < 0) {
                throw refuse("Missing or malformed authorization parameters");
            }
            var key = part.substring(0, equals).strip();
            if (key.equals("signMethod")) {
                method = part.substring(equals + 1).strip();
            } else if (key.equals("credential")) {
                credential = part.substring(equals + 1).strip();
            }
        }
        var colon = credential == null ? -1 : credential.indexOf(':');
        if (method == null || credential == null || colon < 0) {
            throw refuse("Missing or malformed authorization parameters");
        }
        return new Authorization(method, credential.substring(0, colon), credential.substring(colon + 1));
    }

    /**
     * Returns the hash of the method.
     *
     * @throws Refusal if it is another code than HMAC or a hash that we do not take
     */
    Hash hash() {
        return switch (method.toLowerCase(Locale.ROOT)) {
            case "hmac-sha256" -> Hash.SHA256;
            case "hmac-sha512" -> Hash.SHA512;
            default -> throw refuse("Unsupported signing method");
        };
    }

    private static Refusal refuse(String msg) {
        return new Refusal(Problem.Kind.INVALID_AUTH_PARAMS.because(msg));
    }

    /** Returns the header's parts; empty if there is none. */
    static Optional<Authorization> of(Optional<String> header) {
        return header.filter(text -> !text.isBlank()).map(Authorization::parse);
    }
}
