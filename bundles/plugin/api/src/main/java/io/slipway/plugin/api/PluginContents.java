package io.slipway.plugin.api;

import java.util.List;

/**
 * What is inside a version of a plug-in, by the list that its repository has of it.
 *
 * @param origin which list of which repository
 * @param parts each library, as listed
 */
public record PluginContents(String origin, List<Part> parts) {

    /** Copies. */
    public PluginContents {
        parts = List.copyOf(parts);
    }

    /**
     * One of them.
     *
     * @param name with its group, such as {@code org.acme:codec}
     * @param version empty if the list does not say
     * @param licences by SPDX id or name; empty if the list does not say
     * @param address package URL; empty if the list does not say
     */
    public record Part(String name, String version, List<String> licences, String address) {

        /** Copies. */
        public Part {
            licences = List.copyOf(licences);
        }
    }
}
