package io.slipway.plugin.api;

/**
 * One version in a plug-in repository.
 *
 * @param id which plug-in
 * @param version bundle version
 * @param repository the directory or URL that has it
 * @param file its jar, relative to the repository
 * @param sha256 of the jar, lower-case hex
 * @param signer who has signed it: the certificate's name, or {@code sha256:} and its fingerprint; empty if it does not say.
 *     A file that somebody else has signed is not taken
 * @param sbom the list of what is inside (CycloneDX, JSON), relative to the repository; empty if there is none
 * @param sbomSha256 of that list, lower-case hex; empty if there is none
 */
public record OfferedPlugin(
        PluginId id,
        String version,
        String repository,
        String file,
        String sha256,
        String signer,
        String sbom,
        String sbomSha256) {}
