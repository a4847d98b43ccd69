package io.slipway.plugin.lifecycle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import org.apache.felix.cm.impl.ConfigurationManager;
import org.apache.felix.scr.info.ScrInfo;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/** A real OSGi framework in this JVM, and bundles for it. */
final class FrameworkFixture {

    /** What this framework shares with the tests: the service through which they ask the component runtime. */
    private static final String SHARED = "org.osgi.service.component.runtime;version=1.5.0,"
            + "org.osgi.service.component.runtime.dto;version=1.5.0,"
            + "org.osgi.service.component;version=1.5.1,"
            + "org.osgi.util.promise;version=1.3.0,org.osgi.util.function;version=1.2.0,"
            + "org.osgi.service.cm;version=1.6.0,"
            + "io.slipway.plugin.api;version=1.0.0,io.slipway.model.call;version=1.0.0,io.slipway.plugin.lifecycle.spi,"
            + "io.slipway.event.api;version=1.0.0,io.slipway.event.spi;version=1.0.0,io.slipway.model.event;version=1.0.0,"
            + "io.slipway.model.failure;version=1.0.0,org.slf4j;version=1.7.36,org.jspecify.annotations;version=1.0.0";

    private final Framework framework;
    private @Nullable ServiceComponentRuntime components;

    FrameworkFixture(Path cache) throws BundleException {
        framework = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        cache.toString(),
                        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                        SHARED,
                        "slipway.home",
                        cache.getParent().toString()));
        framework.start();
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    /** Starts the component runtime that the distribution has too. */
    ServiceComponentRuntime startComponentRuntime() throws BundleException {
        var jar = ScrInfo.class.getProtectionDomain().getCodeSource().getLocation();
        context().installBundle(jar.toString()).start();
        components = context().getService(context().getServiceReference(ServiceComponentRuntime.class));
        return components;
    }

    ServiceComponentRuntime components() {
        return components;
    }

    /** Starts the configuration service that the distribution has too; call it before the component runtime starts. */
    ConfigurationAdmin configurations() throws BundleException {
        var reference = context().getServiceReference(ConfigurationAdmin.class);
        if (reference == null) {
            var jar = ConfigurationManager.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation();
            context().installBundle(jar.toString()).start();
            reference = context().getServiceReference(ConfigurationAdmin.class);
        }
        return context().getService(reference);
    }

    /** Installs and starts a plug-in's bundle without code; its context registers what a test wants. */
    Bundle startPlugin(Path folder, String name, String version) throws BundleException {
        var jar = folder.resolve(name + "-" + version + ".jar");
        SampleBundle.of("test." + name, version).write(jar);
        try (var bytes = Files.newInputStream(jar)) {
            var bundle = context().installBundle(PluginJar.SCHEME + name + "/" + version, bytes);
            bundle.start();
            return bundle;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void close() throws BundleException, InterruptedException {
        framework.stop();
        framework.waitForStop(10_000);
    }
}
