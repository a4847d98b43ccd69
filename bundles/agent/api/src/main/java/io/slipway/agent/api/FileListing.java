package io.slipway.agent.api;

import java.util.List;

/**
 * What is in a folder of a kernel.
 *
 * @param path absolute path of the folder inside the kernel
 * @param entries what is in it, sorted by name
 * @param isComplete whether these are all; false if there are more than an agent lists
 */
public record FileListing(String path, List<FileEntry> entries, boolean isComplete) {

    /** Copies. */
    public FileListing {
        entries = List.copyOf(entries);
    }
}
