package io.slipway.plugin.lifecycle;

import io.slipway.plugin.lifecycle.sample.Tuned;
import io.slipway.plugin.lifecycle.spi.Ledger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.osgi.framework.Constants;

/** A small bundle, written as it is needed. */
final class SampleBundle {

    private final Manifest manifest = new Manifest();
    private final Map<String, byte[]> entries = new TreeMap<>();

    private SampleBundle(String name, String version) {
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        header(Constants.BUNDLE_MANIFESTVERSION, "2");
        header(Constants.BUNDLE_SYMBOLICNAME, name);
        header(Constants.BUNDLE_VERSION, version);
    }

    static SampleBundle of(String name, String version) {
        return new SampleBundle(name, version);
    }

    SampleBundle header(String name, String value) {
        manifest.getMainAttributes().putValue(name, value);
        return this;
    }

    SampleBundle text(String name, String text) {
        entries.put(name, text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** Brings a class of the tests; the bundle has its own copy of it, of its own class loader. */
    SampleBundle type(Class<?> type) {
        var name = type.getName().replace('.', '/') + ".class";
        try (var bytes = type.getClassLoader().getResourceAsStream(name)) {
            entries.put(name, bytes.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Declares a component that is a {@code Ledger} and a plug-in's provider. */
    SampleBundle ledger(String id, Class<?> implementation) {
        var attributes = implementation.equals(Tuned.class)
                ? "init='1'"
                : isDeactivated(implementation) ? "deactivate='deactivate'" : "";
        supplier(id, implementation, attributes, "");
        entries.put(
                "OSGI-INF/component.xml",
                new String(entries.get("OSGI-INF/component.xml"), StandardCharsets.UTF_8)
                        .replace("java.util.function.Supplier", Ledger.class.getName())
                        .replace("sample.Supplier", "sample.Ledger")
                        .getBytes(StandardCharsets.UTF_8));
        return header(
                Constants.IMPORT_PACKAGE,
                "io.slipway.plugin.api,io.slipway.model.call," + Ledger.class.getPackageName());
    }

    /** Declares a second ledger, of an id of its own, before or after the one that it has. */
    SampleBundle secondLedger(String id, Class<?> implementation, boolean isFirst) {
        var first = "OSGI-INF/component.xml";
        var second = "OSGI-INF/second.xml";
        var kept = entries.get(first);
        ledger(id, implementation);
        entries.put(second, entries.get(first));
        entries.put(first, kept);
        replace(second, "sample.Ledger", "sample.Second");
        return header("Service-Component", isFirst ? second + "," + first : first + "," + second);
    }

    private static boolean isDeactivated(Class<?> implementation) {
        return Arrays.stream(implementation.getMethods())
                .anyMatch(method -> method.getName().equals("deactivate"));
    }

    /** Declares a component that is a {@code Supplier} and a plug-in's provider; further elements may follow. */
    SampleBundle supplier(String id, Class<?> implementation, String attributes, String elements) {
        type(implementation);
        header("Service-Component", "OSGI-INF/component.xml");
        return text("OSGI-INF/component.xml", """
                <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.4.0" name="sample.Supplier" %s>
                  <property name="slipway.plugin.id" value="%s"/>
                  <service><provide interface="java.util.function.Supplier"/></service>
                  %s
                  <implementation class="%s"/>
                </scr:component>
                """.formatted(attributes, id, elements, implementation.getName()));
    }

    /** Changes a text that it has. */
    SampleBundle replace(String name, String old, String text) {
        return text(name, new String(entries.get(name), StandardCharsets.UTF_8).replace(old, text));
    }

    void write(Path jar) {
        try {
            Files.createDirectories(jar.getParent());
            try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
                for (var entry : entries.entrySet()) {
                    out.putNextEntry(new ZipEntry(entry.getKey()));
                    out.write(entry.getValue());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
