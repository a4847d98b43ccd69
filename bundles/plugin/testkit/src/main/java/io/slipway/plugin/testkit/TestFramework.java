package io.slipway.plugin.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.felix.cm.impl.ConfigurationManager;
import org.apache.felix.scr.info.ScrInfo;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.cm.ConfigurationAdmin;

/** A framework with the component runtime, which takes all that a plug-in imports from the class path of the test. */
final class TestFramework {

    private static final String FOR_COMPONENTS = "org.osgi.service.component;version=1.5.1,"
            + "org.osgi.service.component.runtime;version=1.5.0,org.osgi.service.component.runtime.dto;version=1.5.0,"
            + "org.osgi.util.promise;version=1.3.0,org.osgi.util.function;version=1.2.0,"
            + "org.osgi.service.cm;version=1.6.1";
    private static final String PLUGIN_ID = "slipway.plugin.id";

    private final Framework framework;

    TestFramework(Path home, Map<String, String> imports) throws BundleException, IOException {
        var shared = imports.entrySet().stream()
                .filter(entry ->
                        !entry.getKey().startsWith("java.") && !entry.getKey().startsWith("javax."))
                .filter(entry -> !entry.getKey().startsWith("org.osgi."))
                .map(entry -> entry.getKey() + ";version=" + entry.getValue())
                .collect(Collectors.joining(","));
        framework = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no OSGi framework on the class path"))
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        Files.createDirectories(home.resolve("cache")).toString(),
                        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                        shared.isEmpty() ? FOR_COMPONENTS : FOR_COMPONENTS + "," + shared,
                        "karaf.base",
                        home.toString()));
        framework.start();
        startLibrary(ConfigurationManager.class);
        startLibrary(ScrInfo.class);
    }

    private void startLibrary(Class<?> inside) throws BundleException {
        var jar = inside.getProtectionDomain().getCodeSource().getLocation();
        context().installBundle(jar.toString()).start();
    }

    /** Sets components' settings, PID to setting to value, for all versions of the plug-in. */
    void configure(Map<String, Map<String, Object>> settings) throws IOException {
        var reference = context().getServiceReference(ConfigurationAdmin.class);
        var administration = context().getService(reference);
        for (var entry : settings.entrySet()) {
            administration.getConfiguration(entry.getKey(), "?").update(FrameworkUtil.asDictionary(entry.getValue()));
        }
        context().ungetService(reference);
    }

    /** Installs a bundle from a file. */
    Bundle install(Path jar) throws BundleException {
        try (var bytes = Files.newInputStream(jar)) {
            return context().installBundle("test:" + jar.getFileName(), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Installs and starts a bundle from a file. */
    Bundle start(Path jar) throws BundleException {
        var bundle = install(jar);
        bundle.start();
        return bundle;
    }

    /** Gets every service that a bundle offers as a plug-in; this activates its components. */
    List<Object> services(Bundle bundle) {
        var services = new ArrayList<Object>();
        var references = bundle.getRegisteredServices();
        if (references != null) {
            for (var reference : references) {
                if (reference.getProperty(PLUGIN_ID) != null) {
                    var service = context().getService(reference);
                    if (service != null) {
                        services.add(service);
                    }
                }
            }
        }
        return services;
    }

    /** Stops and uninstalls a bundle and lets go of its wiring. */
    void remove(Bundle bundle, int seconds) throws BundleException, InterruptedException {
        bundle.stop();
        bundle.uninstall();
        var refreshed = new CountDownLatch(1);
        framework.adapt(FrameworkWiring.class).refreshBundles(List.of(bundle), event -> refreshed.countDown());
        if (!refreshed.await(seconds, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the framework did not let " + bundle + " go within " + seconds + " s");
        }
    }

    void close() throws BundleException, InterruptedException {
        framework.stop();
        framework.waitForStop(10_000);
    }

    private BundleContext context() {
        return framework.getBundleContext();
    }
}
