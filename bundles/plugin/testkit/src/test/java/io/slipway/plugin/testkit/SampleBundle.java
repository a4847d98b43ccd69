package io.slipway.plugin.testkit;

import io.slipway.plugin.testkit.sample.Place;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a build leaves of a plug-in whose one component is of a class of the samples. */
final class SampleBundle {

    private static final String MANIFEST = """
            Manifest-Version: 1.0
            Bundle-ManifestVersion: 2
            Bundle-SymbolicName: sample
            Bundle-Version: 1.0.0
            Import-Package: io.slipway.plugin.api;version="[1.0,2)"
            Service-Component: OSGI-INF/sample.xml
            """;

    private SampleBundle() {}

    /** Writes it and returns a class of it, loaded from there. */
    static Class<?> of(Class<?> component, Path folder) throws IOException, URISyntaxException, ClassNotFoundException {
        var packageFolder = Place.class.getPackageName().replace('.', '/');
        var classes = Path.of(Place.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .resolve(packageFolder);
        var target = Files.createDirectories(folder.resolve(packageFolder));
        try (var files = Files.newDirectoryStream(classes, "*.class")) {
            for (var file : files) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        }
        Files.createDirectories(folder.resolve("OSGI-INF"));
        Files.writeString(folder.resolve("OSGI-INF/sample.xml"), component(component.getName()));
        Files.createDirectories(folder.resolve("META-INF"));
        Files.writeString(folder.resolve("META-INF/MANIFEST.MF"), MANIFEST);
        try (var loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, null)) {
            return loader.loadClass(Place.class.getName());
        }
    }

    private static String component(String type) {
        return """
                <component xmlns="http://www.osgi.org/xmlns/scr/v1.3.0" name="sample" activate="start" deactivate="stop">
                  <implementation class="%s"/>
                  <property name="slipway.plugin.id" value="sample"/>
                  <service><provide interface="java.util.concurrent.Callable"/></service>
                </component>
                """.formatted(type);
    }
}
