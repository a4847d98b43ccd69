package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.reflect.AccessFlag;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

/** The rules of the layout that no checker of single files can see: they are read off the built bundles. */
class HouseRulesIT {

    private static final Pattern MAY_EXPORT =
            Pattern.compile("io\\.slipway\\.(model|allocation|lib\\..*|.*\\.(api|spi|store|testkit))");
    /** Woven classes of Karaf must see its package (docs/decisions/0001). */
    private static final String EXPORTS_BY_DECISION = "io.slipway.karaf.subject";

    private static final Pattern SWAPPABLE =
            Pattern.compile("io\\.slipway\\.(runtime|accelerator|storage|registry|scheduling|config|event)\\.spi\\..*");
    private static final Pattern MAY_REFER_TO_PLUGINS = Pattern.compile("io\\.slipway\\.(plugin\\..*|.*\\.access)");
    private static final int SPI_METHODS = 7;
    private static final int POM_LINES = 60;
    private static final int README_LINES = 60;

    @Test
    void onlyApisExport() throws IOException {
        var wrong = new TreeSet<String>();
        for (var bundle : bundles()) {
            var exports = bundle.exports();
            if (!exports.isEmpty()
                    && !MAY_EXPORT.matcher(bundle.name()).matches()
                    && !bundle.name().equals(EXPORTS_BY_DECISION)) {
                wrong.add(bundle.name() + " exports " + exports);
            }
        }
        assertEquals(List.of(), List.copyOf(wrong));
    }

    @Test
    void plugInsAreReachedThroughLeasesAlone() throws Exception {
        var looked = 0;
        for (var bundle : bundles()) {
            looked += bundle.references().size();
            assertEquals(List.of(), pastLeases(bundle));
        }
        assertTrue(looked > 50, "components refer to each other");
    }

    /** The rule above must not hold just because it sees nothing. */
    @Test
    void aReferenceToAPlugInIsSeen(@TempDir Path folder) throws Exception {
        var runtime = "io.slipway.runtime.spi.KernelRuntime";
        var policy = "io.slipway.scheduling.spi.SequencingPolicy";
        assertEquals(
                List.of("io.slipway.manager.images has a @Reference to " + runtime),
                pastLeases(crafted(folder, "io.slipway.manager.images", runtime)));
        assertEquals(
                List.of("io.slipway.manager.scheduler has a @Reference to " + policy),
                pastLeases(crafted(folder, "io.slipway.manager.scheduler", "java.lang.Runnable", policy)));
        // what holds the leases, and what makes one of several providers for all others
        assertEquals(List.of(), pastLeases(crafted(folder, "io.slipway.plugin.lifecycle", runtime)));
        assertEquals(
                List.of(),
                pastLeases(crafted(folder, "io.slipway.config.access", "io.slipway.config.spi.ConfigStore")));
        assertEquals(List.of(), pastLeases(crafted(folder, "io.slipway.agent.node", "io.slipway.plugin.api.Plugins")));
    }

    /** Returns the references of a bundle that lead to a plug-in without a lease, which a swap would leave on a dead one. */
    private static List<String> pastLeases(Built bundle) throws Exception {
        if (MAY_REFER_TO_PLUGINS.matcher(bundle.name()).matches()) {
            return List.of();
        }
        return bundle.references().stream()
                .filter(referred -> SWAPPABLE.matcher(referred).matches())
                .map(referred -> bundle.name() + " has a @Reference to " + referred)
                .toList();
    }

    /** A bundle as bnd would write it, with one component that has these references. */
    private static Built crafted(Path folder, String name, String... references) throws IOException {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Bundle-SymbolicName", name);
        var jar = folder.resolve(name + ".jar");
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            out.putNextEntry(new ZipEntry("OSGI-INF/" + name + ".One.xml"));
            var lines = Stream.of(references)
                    .map(type -> "<reference name=\"it\" interface=\"" + type + "\" parameter=\"0\"/>")
                    .collect(Collectors.joining());
            var component = "<scr:component xmlns:scr=\"http://www.osgi.org/xmlns/scr/v1.5.0\" name=\"One\">" + lines
                    + "</scr:component>";
            out.write(component.getBytes(StandardCharsets.UTF_8));
        }
        return Built.of(folder, jar);
    }

    @Test
    void interfacesOfPlugInsAreSmall() throws IOException {
        var wrong = new TreeSet<String>();
        var looked = 0;
        for (var bundle : bundles()) {
            if (!SWAPPABLE.matcher(bundle.name() + ".Any").matches()) {
                continue;
            }
            for (var type : bundle.types()) {
                var methods =
                        type.methods().stream().filter(HouseRulesIT::isAsked).count();
                if (type.flags().has(AccessFlag.INTERFACE) && !type.flags().has(AccessFlag.ANNOTATION)) {
                    looked++;
                    if (methods > SPI_METHODS) {
                        wrong.add(type.thisClass().asInternalName() + " has " + methods + " methods");
                    }
                }
            }
        }
        assertTrue(looked > 5, "there are SPIs");
        assertEquals(List.of(), List.copyOf(wrong), "a further ability is a further interface");
    }

    private static boolean isAsked(MethodModel method) {
        return !method.flags().has(AccessFlag.STATIC)
                && !method.flags().has(AccessFlag.PRIVATE)
                && !method.flags().has(AccessFlag.SYNTHETIC);
    }

    @Test
    void nameIsThePathOfTheFolder() throws IOException {
        for (var bundle : bundles()) {
            var path = Installation.ROOT.relativize(bundle.folder()).toString();
            var expected = path.replaceFirst("^bundles/", "")
                    .replace("-bundles/", ".")
                    .replace("-", "")
                    .replace('/', '.');
            assertEquals("io.slipway." + expected, bundle.name(), "symbolic name of " + path);
        }
    }

    @Test
    void pomAndReadmeFitOneScreen() throws IOException {
        var wrong = new TreeSet<String>();
        for (var bundle : bundles()) {
            check(bundle.folder().resolve("pom.xml"), POM_LINES, wrong);
            check(bundle.folder().resolve("README.md"), README_LINES, wrong);
        }
        assertEquals(List.of(), List.copyOf(wrong));
    }

    @Test
    void everyJarOfTheDistributionIsInTheThirdPartyList() throws IOException {
        var listed = Files.readString(Installation.ROOT.resolve("docs/third-party.md"));
        var script =
                "tar -tzf distributions/all-in-one/target/*.tar.gz | grep '/system/.*[.]jar$' | grep -v /io/slipway/";
        var jars = new Command(List.of("bash", "-c", script), Installation.ROOT, Map.of(), Duration.ofSeconds(60))
                .run()
                .succeeded()
                .out()
                .lines()
                .toList();
        assertFalse(jars.isEmpty());
        var missing = jars.stream()
                .map(jar -> jar.replaceAll(".*/system/.*/([^/]+)/([^/]+)/[^/]+$", ":$1 | $2 |"))
                .filter(part -> !listed.contains(part))
                .toList();
        assertEquals(List.of(), missing, "run etc/build/third_party.py");
    }

    @Test
    void settingsFilesSayWhatTheComponentsDeclare() throws IOException {
        var made = Files.createTempDirectory("slipway-settings");
        var script = "/usr/bin/python3 etc/build/settings.py . '" + made + "' && for file in '" + made
                + "'/*.cfg etc/*.cfg; do diff \"etc/${file##*/}\" '" + made + "'/\"${file##*/}\"; done; rm -r '" + made
                + "'";
        var result = new Command(List.of("bash", "-c", script), Installation.ROOT, Map.of(), Duration.ofSeconds(60))
                .run()
                .succeeded();
        assertEquals("", result.all(), "run etc/build/settings.py . etc");
    }

    private static void check(Path file, int limit, Set<String> wrong) throws IOException {
        var name = Installation.ROOT.relativize(file).toString();
        if (!Files.exists(file)) {
            wrong.add(name + " is missing");
            return;
        }
        try (var lines = Files.lines(file)) {
            var count = lines.count();
            if (count > limit) {
                wrong.add(name + " has " + count + " lines, at most " + limit + " are one screen");
            }
        }
    }

    /** A module whose bundle has been built. */
    private record Built(Path folder, Path jar, String name) {

        static Built of(Path folder, Path jar) throws IOException {
            try (var file = new JarFile(jar.toFile())) {
                return new Built(
                        folder, jar, file.getManifest().getMainAttributes().getValue("Bundle-SymbolicName"));
            }
        }

        String exports() throws IOException {
            try (var file = new JarFile(jar.toFile())) {
                var exports = file.getManifest().getMainAttributes().getValue("Export-Package");
                return exports == null ? "" : exports;
            }
        }

        /** The classes and interfaces in it. */
        List<ClassModel> types() throws IOException {
            var types = new ArrayList<ClassModel>();
            try (var file = new JarFile(jar.toFile())) {
                for (var entry : file.stream().toList()) {
                    if (entry.getName().startsWith("io/slipway/")
                            && entry.getName().endsWith(".class")) {
                        try (var in = file.getInputStream(entry)) {
                            types.add(ClassFile.of().parse(in.readAllBytes()));
                        }
                    }
                }
            }
            return types;
        }

        /** The types that its components have references to. */
        List<String> references() throws Exception {
            var types = new ArrayList<String>();
            try (var file = new JarFile(jar.toFile())) {
                for (var entry : file.stream().toList()) {
                    if (entry.getName().startsWith("OSGI-INF/")
                            && entry.getName().endsWith(".xml")) {
                        try (var in = file.getInputStream(entry)) {
                            addReferences(in, types);
                        }
                    }
                }
            }
            return types;
        }

        private static void addReferences(InputStream component, List<String> types) throws Exception {
            var document =
                    DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(component);
            var references = document.getElementsByTagName("reference");
            for (int i = 0; i < references.getLength(); i++) {
                types.add(((Element) references.item(i)).getAttribute("interface"));
            }
        }
    }

    private static List<Built> bundles() throws IOException {
        var found = new ArrayList<Built>();
        for (var top : List.of("bundles", "accelerator-bundles")) {
            try (Stream<Path> files = Files.walk(Installation.ROOT.resolve(top))) {
                var jars = files.filter(file -> file.toString().endsWith("-SNAPSHOT.jar"))
                        .filter(file -> file.getParent().endsWith("target"))
                        .sorted()
                        .toList();
                for (var jar : jars) {
                    found.add(Built.of(jar.getParent().getParent(), jar));
                }
            }
        }
        assertFalse(found.isEmpty(), "no bundle is built");
        return found;
    }
}
