package io.slipway.plugin.sources;

import io.slipway.plugin.api.FetchedPlugins;
import io.slipway.plugin.api.FetchedPlugins.Fetched;
import io.slipway.plugin.api.OfferedPlugin;
import io.slipway.plugin.api.PluginArtifact;
import io.slipway.plugin.api.PluginContents;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginSources;
import io.slipway.plugin.api.PluginVerifier;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.osgi.framework.Version;

/** Brings files into a private folder and looks at them there. */
final class Fetching implements PluginSources {

    private static final String ARCHIVE = ".kar";
    private static final long MOST_LIST_BYTES = 16L << 20;
    private static final Pattern NAME = Pattern.compile("([a-z][a-z0-9-]{0,63})(?:@([0-9A-Za-z._-]{1,128}))?");

    private final PluginVerifier verifier;
    private final PluginNames names;
    private final Download download;
    private final List<Repository> repositories;
    private final Limits limits;

    Fetching(PluginVerifier verifier, PluginNames names, Download download, List<String> repositories, Limits limits) {
        this.verifier = verifier;
        this.names = names;
        this.download = download;
        this.repositories = repositories.stream()
                .map(location -> new Repository(location, download))
                .toList();
        this.limits = limits;
    }

    @Override
    public long maxBytes() {
        return limits.packedBytes();
    }

    @Override
    public List<OfferedPlugin> offers() throws IOException {
        var offers = new ArrayList<OfferedPlugin>();
        for (var repository : repositories) {
            offers.addAll(repository.offers());
        }
        offers.sort(Comparator.comparing(OfferedPlugin::id)
                .thenComparing(offer -> Version.parseVersion(offer.version()), Comparator.reverseOrder()));
        return List.copyOf(offers);
    }

    private interface Bringing {
        /** Puts the file there and returns its origin in words. */
        String bring(Path file) throws IOException;
    }

    @Override
    public FetchedPlugins fetch(String where, Optional<PluginId> id) throws IOException {
        if (Repository.isUrl(where)) {
            var url = url(where);
            return brought(url.getPath(), id, file -> {
                download.fetch(url, file, limits.packedBytes());
                return Download.shown(url);
            });
        }
        var name = NAME.matcher(where);
        if (name.matches() && Files.notExists(Path.of(where))) {
            var offer = offer(new PluginId(name.group(1)), Optional.ofNullable(name.group(2)));
            return agreed(offer, brought(offer.file(), Optional.of(id.orElse(offer.id())), file -> bring(offer, file)));
        }
        return open(path(where), id, where);
    }

    private static URI url(String where) throws IOException {
        try {
            var url = URI.create(where);
            if (url.getHost() == null || url.getUserInfo() != null) {
                throw new IOException("the URL needs a host, and no user and password");
            }
            return url;
        } catch (IllegalArgumentException e) {
            throw new IOException("'" + where + "' is no URL: " + e.getMessage(), e);
        }
    }

    private static Path path(String where) throws IOException {
        try {
            var path = Path.of(where.startsWith("file:") ? where.replaceFirst("^file:(//)?", "") : where);
            if (!path.isAbsolute()) {
                throw new IOException(
                        "'" + where + "' is neither a URL, nor an absolute path, nor a name such as noop@1.2.0");
            }
            return path;
        } catch (java.nio.file.InvalidPathException e) {
            throw new IOException("'" + where + "' is no path: " + e.getMessage(), e);
        }
    }

    @Override
    public FetchedPlugins open(Path file, Optional<PluginId> id, String origin) throws IOException {
        return brought(file.toString(), id, copy -> {
            LocalFile.copy(file, copy, limits.packedBytes());
            return origin;
        });
    }

    private OfferedPlugin offer(PluginId id, Optional<String> version) throws IOException {
        if (repositories.isEmpty()) {
            throw new IOException("'" + id + "' is no path or URL, and the site has no plug-in repository"
                    + " (repositories of io.slipway.plugin.sources.fetch)");
        }
        var offers = offers().stream().filter(offer -> offer.id().equals(id)).toList();
        return offers.stream()
                .filter(offer -> version.isEmpty() || version.get().equals(offer.version()))
                .findFirst()
                .orElseThrow(() -> new IOException("no repository has " + id
                        + version.map(wanted -> " in version " + wanted).orElse("") + "; there are versions "
                        + offers.stream().map(OfferedPlugin::version).toList()));
    }

    private String bring(OfferedPlugin offer, Path file) throws IOException {
        new Repository(offer.repository(), download).fetch(offer.file(), file, limits.packedBytes());
        var digest = digest(file);
        if (!digest.equals(offer.sha256())) {
            throw new IOException("the file " + offer.file() + " of " + offer.repository() + " has the SHA-256 "
                    + digest + ", its index says " + offer.sha256());
        }
        return offer.id() + "@" + offer.version() + " of " + offer.repository();
    }

    /** What the index says of the file must be true of the file. What the site does not take anyway, it says itself. */
    private static FetchedPlugins agreed(OfferedPlugin offer, FetchedPlugins fetched) throws IOException {
        for (var plugin : fetched.plugins()) {
            var disagreement = Claims.disagreement(offer, plugin.verdict());
            if (!disagreement.isEmpty()) {
                fetched.close();
                throw new IOException("the file " + offer.file() + " of " + offer.repository() + " " + disagreement);
            }
        }
        return fetched;
    }

    @Override
    public PluginContents contents(PluginId id, String version) throws IOException {
        var offer = offer(id, Optional.of(version));
        var origin = offer.sbom() + " of " + offer.repository();
        if (offer.sbom().isEmpty()) {
            throw new IOException(offer.repository() + " has no list of what is inside " + id + " " + version);
        }
        var installed = names.file(id, version);
        if (Files.exists(installed) && !digest(installed).equals(offer.sha256())) {
            throw new IOException("the installed file " + installed + " is another than the one that "
                    + offer.repository() + " has a list for");
        }
        var folder = Files.createTempDirectory("slipway-contents-");
        try {
            var list = folder.resolve("list.json");
            new Repository(offer.repository(), download).fetch(offer.sbom(), list, MOST_LIST_BYTES);
            if (!digest(list).equals(offer.sbomSha256())) {
                throw new IOException("the list " + origin + " has the SHA-256 " + digest(list) + ", its index says "
                        + offer.sbomSha256());
            }
            return new PluginContents(origin, ContentsList.read(Files.readAllBytes(list)));
        } finally {
            PrivateFiles.delete(folder);
        }
    }

    private static String digest(Path file) throws IOException {
        return HexFormat.of().formatHex(Digests.sha256().digest(Files.readAllBytes(file)));
    }

    private FetchedPlugins brought(String name, Optional<PluginId> id, Bringing bringing) throws IOException {
        var folder = Files.createTempDirectory("slipway-plugin-");
        var isKept = false;
        try {
            var isArchive = name.toLowerCase(Locale.ROOT).endsWith(ARCHIVE);
            var file = folder.resolve(isArchive ? "fetched.kar" : "fetched.jar");
            var origin = bringing.bring(file);
            var plugins = isArchive ? ofArchive(file, folder, origin) : List.of(one(file, id, origin));
            isKept = true;
            return new PrivateFiles(folder, plugins);
        } finally {
            if (!isKept) {
                PrivateFiles.delete(folder);
            }
        }
    }

    private List<Fetched> ofArchive(Path archive, Path folder, String origin) throws IOException {
        var plugins = new ArrayList<Fetched>();
        var ids = new TreeSet<PluginId>();
        for (var jar : KarFile.unpack(archive, folder, limits)) {
            var fetched = one(jar, Optional.empty(), origin);
            if (!ids.add(fetched.artifact().id())) {
                throw new IOException("the archive has two jars of the plug-in "
                        + fetched.artifact().id());
            }
            plugins.add(fetched);
        }
        if (plugins.isEmpty()) {
            throw new IOException("the archive has no jar below repository/");
        }
        return List.copyOf(plugins);
    }

    /** Looks first: nothing is read out of a file that could be a bomb. */
    private Fetched one(Path jar, Optional<PluginId> id, String origin) throws IOException {
        var verdict = verifier.verify(jar);
        var found = id;
        if (found.isEmpty()) {
            found = verdict.bundle().isEmpty() ? PluginNames.id("unknown") : names.of(jar);
        }
        return new Fetched(
                new PluginArtifact(
                        found.orElseThrow(
                                () -> new IOException(
                                        "the bundle " + verdict.bundle() + " does not say of which"
                                                + " plug-in it is: name the plug-in's id; an archive must hold plug-ins alone")),
                        jar,
                        origin),
                verdict);
    }
}
