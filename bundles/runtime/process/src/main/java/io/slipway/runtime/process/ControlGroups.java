package io.slipway.runtime.process;

import io.slipway.model.kernel.KernelId;
import io.slipway.runtime.spi.KernelStats.Usage;
import io.slipway.runtime.spi.ResourceLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Holds the programs of each kernel together to its limits, as far as this node lets us. Thread-safe. */
sealed interface ControlGroups permits ControlGroupsV1, ControlGroupsV2, NoControlGroups {

    /** Returns in words which limits are not enforced and why; empty if all are. */
    String shortcoming();

    /** Makes the groups of a kernel with its limits; nothing is left if that fails. */
    void create(KernelId kernel, ResourceLimits limits) throws IOException;

    /** Returns the group folders that the kernel's first process must enter. */
    List<Path> folders(KernelId kernel);

    /** Returns the file whose line {@code oom_kill N} counts programs killed for memory. */
    Optional<Path> oomFile(KernelId kernel);

    /** Measures a kernel; empty if there is nothing to read it from. */
    Optional<Usage> usage(KernelId kernel) throws IOException;

    /** Returns the pids in a kernel's groups. */
    List<Long> processes(KernelId kernel) throws IOException;

    /** Kills every program in a kernel's groups; some may take a moment to be gone. */
    void kill(KernelId kernel) throws IOException;

    /** Removes the groups of a kernel, which must be empty; nothing happens if there are none. */
    void remove(KernelId kernel) throws IOException;

    /** Removes what no kernel needs. They can be used again. */
    void close();
}
