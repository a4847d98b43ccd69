package io.slipway.itests.bad;

import io.slipway.model.image.ImageRef;
import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelId;
import io.slipway.runtime.noop.NoopRuntime;
import io.slipway.runtime.spi.ImageStore;
import io.slipway.runtime.spi.InstalledImage;
import io.slipway.runtime.spi.KernelRuntime;
import io.slipway.runtime.spi.KernelRuntimeException;
import io.slipway.runtime.spi.KernelSpec;
import io.slipway.runtime.spi.OwnedKernel;
import io.slipway.runtime.spi.RuntimeTraits;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.osgi.framework.BundleContext;

/** The noop runtime, with something that goes wrong before each call that does something. */
public abstract class DisturbedRuntime implements KernelRuntime, ImageStore {

    private final NoopRuntime good;

    DisturbedRuntime(BundleContext context) throws IOException {
        good = new NoopRuntime(context);
    }

    /** Goes wrong, or not. */
    abstract void disturb();

    @Override
    public RuntimeTraits traits() {
        disturb();
        return good.traits();
    }

    @Override
    public void create(KernelSpec spec, Duration limit) throws KernelRuntimeException {
        disturb();
        good.create(spec, limit);
    }

    @Override
    public OwnedKernel start(KernelId kernel, Duration limit) throws KernelRuntimeException {
        disturb();
        return good.start(kernel, limit);
    }

    @Override
    public void stop(KernelId kernel, Duration grace) throws KernelRuntimeException {
        disturb();
        good.stop(kernel, grace);
    }

    @Override
    public void remove(KernelId kernel) throws KernelRuntimeException {
        disturb();
        good.remove(kernel);
    }

    @Override
    public List<OwnedKernel> list() throws KernelRuntimeException {
        disturb();
        return good.list();
    }

    @Override
    public Optional<KernelExit> awaitExit(KernelId kernel, Duration limit) throws KernelRuntimeException {
        return good.awaitExit(kernel, limit);
    }

    @Override
    public List<InstalledImage> images() {
        return good.images();
    }

    @Override
    public Optional<InstalledImage> image(ImageRef image, Duration limit) {
        disturb();
        return good.image(image, limit);
    }
}
