package io.slipway.plugin.sources;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.slipway.plugin.api.OfferedPlugin;
import io.slipway.plugin.api.PluginId;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Version;

/** A directory or HTTP location with jars and an {@code index.json} that lists them. */
final class Repository {

    private static final String INDEX = "index.json";
    private static final long MOST_INDEX_BYTES = 4L << 20;
    private static final Pattern FILE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._+-]*(/[A-Za-z0-9_][A-Za-z0-9._+-]*)*");
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final String location;
    private final Download download;

    Repository(String location, Download download) {
        this.location = location;
        this.download = download;
    }

    record Index(@Nullable List<Entry> plugins) {}

    record Entry(
            @Nullable String id,
            @Nullable String version,
            @Nullable String file,
            @Nullable String sha256,
            @Nullable String signer,
            @Nullable String sbom,
            @Nullable String sbomSha256) {}

    /** Returns what the index lists. */
    List<OfferedPlugin> offers() throws IOException {
        var folder = Files.createTempDirectory("slipway-index-");
        var file = folder.resolve(INDEX);
        try {
            fetch(INDEX, file, MOST_INDEX_BYTES);
            var plugins = MAPPER.readValue(file.toFile(), Index.class).plugins();
            return Objects.requireNonNullElse(plugins, List.<Entry>of()).stream()
                    .map(this::offer)
                    .toList();
        } catch (JacksonException | IllegalArgumentException | NullPointerException e) {
            throw new IOException("the index of the repository " + location + " cannot be read: " + firstLine(e), e);
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(folder);
        }
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private OfferedPlugin offer(Entry entry) {
        return new OfferedPlugin(
                new PluginId(given("id", entry.id())),
                Version.parseVersion(given("version", entry.version())).toString(),
                location,
                matching("file", FILE, given("file", entry.file())),
                matching("sha256", DIGEST, given("sha256", entry.sha256())),
                Objects.requireNonNullElse(entry.signer(), ""),
                entry.sbom() == null ? "" : matching("sbom", FILE, entry.sbom()),
                entry.sbom() == null ? "" : matching("sbomSha256", DIGEST, given("sbomSha256", entry.sbomSha256())));
    }

    private static String given(String key, @Nullable String value) {
        if (value == null) {
            throw new IllegalArgumentException("an entry has no " + key);
        }
        return value;
    }

    private static String matching(String key, Pattern form, String value) {
        if (!form.matcher(value).matches()) {
            throw new IllegalArgumentException("the " + key + " '" + value + "' of an entry is none");
        }
        return value;
    }

    /** Fetches a file that an entry names. */
    void fetch(String name, Path file, long mostBytes) throws IOException {
        if (isUrl(location)) {
            download.fetch(URI.create((location.endsWith("/") ? location : location + "/") + name), file, mostBytes);
            return;
        }
        LocalFile.copy(Path.of(location).resolve(name), file, mostBytes);
    }

    static boolean isUrl(String text) {
        return text.startsWith("http://") || text.startsWith("https://");
    }
}
