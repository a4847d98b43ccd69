package io.slipway.runtime.process;

import io.slipway.model.kernel.KernelId;
import io.slipway.runtime.spi.KernelStats.Usage;
import io.slipway.runtime.spi.ResourceLimits;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** There are none that we may write to; the limits of single processes must do. */
record NoControlGroups(String shortcoming) implements ControlGroups {

    @Override
    public void create(KernelId kernel, ResourceLimits limits) {
        // nothing to make
    }

    @Override
    public List<Path> folders(KernelId kernel) {
        return List.of();
    }

    @Override
    public Optional<Path> oomFile(KernelId kernel) {
        return Optional.empty();
    }

    @Override
    public Optional<Usage> usage(KernelId kernel) {
        return Optional.empty();
    }

    @Override
    public List<Long> processes(KernelId kernel) {
        return List.of();
    }

    @Override
    public void kill(KernelId kernel) {
        // nothing to kill by
    }

    @Override
    public void remove(KernelId kernel) {
        // nothing to remove
    }

    @Override
    public void close() {
        // nothing was made
    }
}
