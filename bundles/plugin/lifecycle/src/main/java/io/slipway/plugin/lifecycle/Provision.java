package io.slipway.plugin.lifecycle;

import java.util.Collection;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What a version provides, as its callers find it: an entry for each SPI and each further ability of a provider. */
final class Provision {

    private Provision() {}

    /** Returns entries such as {@code KernelRuntime 'noop'} and {@code KernelLogs of 'docker'}. */
    static SortedSet<String> of(Collection<ProviderTracker.Registered> providers) {
        var entries = new TreeSet<String>();
        for (var each : providers) {
            each.spis()
                    .forEach(spi ->
                            entries.add(simpleName(spi) + " '" + each.provider().id() + "'"));
            abilities(each)
                    .forEach(type -> entries.add(
                            simpleName(type) + " of '" + each.provider().id() + "'"));
        }
        return entries;
    }

    /** An ability is another public interface from where an SPI comes from. */
    private static SortedSet<String> abilities(ProviderTracker.Registered registered) {
        var types = ProviderFace.interfaces(registered.provider().service().getClass());
        var sources = types.stream()
                .filter(type -> registered.spis().contains(type.getName()))
                .map(Class::getClassLoader)
                .filter(Objects::nonNull) // the JDK's own
                .collect(Collectors.toSet());
        return types.stream()
                .filter(type -> type.getClassLoader() != null && sources.contains(type.getClassLoader()))
                .map(Class::getName)
                .filter(name -> !registered.spis().contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String simpleName(String type) {
        return type.substring(type.lastIndexOf('.') + 1);
    }

    /** Returns what is wanted and not found. */
    static SortedSet<String> lacking(SortedSet<String> wanted, SortedSet<String> found) {
        var lacking = new TreeSet<>(wanted);
        lacking.removeAll(found);
        return lacking;
    }
}
