package io.slipway.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/** Swaps plug-ins of an installation back and forth between two versions that are as good as the one they are made of. */
final class Swaps {

    private final Path plugins;
    private final PluginControl control;
    private final PluginJars jars;
    private final Map<String, Path> models;
    private final Map<String, Integer> done = new ConcurrentHashMap<>();

    /**
     * Creates one.
     *
     * @param folder for the jars that it makes
     * @param models by id, the jar that the versions are made of
     */
    Swaps(Installation installation, Path folder, Map<String, Path> models) throws IOException {
        this.plugins = installation.home().resolve("plugins");
        this.control = new PluginControl(SignedHttp.admin(installation));
        this.jars = new PluginJars(folder, installation.home());
        this.models = Map.copyOf(models);
    }

    /** Returns the jars that an installation came with, by id. */
    static Map<String, Path> shipped(Installation installation) throws IOException {
        var found = new TreeMap<String, Path>();
        try (var files = Files.walk(installation.home().resolve("plugins"), 2)) {
            files.filter(file -> file.getFileName().toString().matches("0\\.1\\.0.*\\.jar"))
                    .forEach(file -> found.put(file.getParent().getFileName().toString(), file));
        }
        return found;
    }

    Set<String> kinds() {
        return new TreeMap<>(models).keySet();
    }

    /** Returns how many swaps {@link #all} does. */
    int count(int times) {
        return models.size() * times;
    }

    void install(String id, String version) {
        succeeded(control.install(id, jars.version(models.get(id), version)));
    }

    private static void succeeded(PluginControl.Outcome outcome) {
        if (!outcome.isDone()) {
            throw new AssertionError(outcome.words());
        }
    }

    /** Swaps every kind so many times, all kinds at the same time. */
    void all(int times) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            models.keySet().stream()
                    .map(id -> CompletableFuture.runAsync(() -> swap(id, times), threads))
                    .toList()
                    .forEach(CompletableFuture::join);
        }
    }

    private void swap(String id, int times) {
        for (var i = 0; i < times; i++) {
            var version = "0.2." + done.merge(id, 1, Integer::sum) % 2;
            if (Files.exists(plugins.resolve(id).resolve(version + ".jar"))) {
                succeeded(control.select(id, version));
            } else {
                install(id, version);
            }
        }
    }
}
