package io.slipway.manager.gateway;

import io.slipway.lib.http.Request;
import java.util.Optional;
import java.util.Set;

/**
 * The version that a request speaks.
 *
 * @param header lower-case name of the header it came in
 * @param value such as {@code v8.20240915}
 */
record ApiVersion(String header, String value) {

    /** The newest that we speak. */
    static final String CURRENT = "v8.20240915";

    /** The release of the original manager whose protocol this is; some clients compare it. */
    static final String MANAGER_RELEASE = "24.09.14";

    private static final String NAME = "x-backendai-version";
    private static final String LEGACY_NAME = "x-sorna-version";
    private static final Set<String> KNOWN = Set.of(
            "v4.20181215",
            "v4.20190115",
            "v4.20190315",
            "v4.20190615",
            "v5.20191215",
            "v6.20200815",
            "v6.20210815",
            "v6.20220315",
            "v6.20220615",
            "v6.20230315",
            "v7.20230615",
            "v8.20240315",
            CURRENT);

    /**
     * Returns the version of a request; empty if it names none.
     *
     * @throws Refusal if we do not speak it
     */
    static Optional<ApiVersion> of(Request request) {
        var current = request.header(NAME).map(value -> new ApiVersion(NAME, value));
        var version = current.isPresent()
                ? current
                : request.header(LEGACY_NAME).map(value -> new ApiVersion(LEGACY_NAME, value));
        if (version.isPresent() && !KNOWN.contains(version.get().value)) {
            throw new Refusal(Problem.Kind.GENERIC_BAD_REQUEST.because("Unsupported API version."));
        }
        return version;
    }
}
