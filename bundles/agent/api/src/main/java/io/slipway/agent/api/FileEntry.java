package io.slipway.agent.api;

import java.time.Instant;

/**
 * One file, folder, link or other thing in a folder of a kernel.
 *
 * @param name its name without folders
 * @param mode kind and permissions as {@code ls} shows them, such as {@code -rw-r--r--} or {@code drwxr-xr-x}
 * @param size in bytes; of a link the length of its text
 * @param created when it was made, as far as the file system tells; else when its content was changed
 * @param modified when its content was changed
 * @param accessed when it was read
 */
public record FileEntry(String name, String mode, long size, Instant created, Instant modified, Instant accessed) {}
