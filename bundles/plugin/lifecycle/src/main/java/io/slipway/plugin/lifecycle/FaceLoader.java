package io.slipway.plugin.lifecycle;

import java.util.Collection;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Chooses where the class of a provider's face is defined: with an SPI, not with the plug-in. Callers' compiled code names
 * the classes that it has met, and is not thrown away while it is on the stack of somebody who waits: one that names a class
 * of a plug-in would keep that version's class loader. As all versions have the same class then, a swap makes no compiled
 * code of callers invalid either.
 */
final class FaceLoader {

    private FaceLoader() {}

    /**
     * Returns the loader of one of the interfaces, or of the platform, that sees them all.
     *
     * @param own the loader of the provider, which sees them in any case; the last choice
     */
    static ClassLoader choose(Collection<Class<?>> interfaces, ClassLoader own) {
        return Stream.concat(
                        interfaces.stream().map(Class::getClassLoader).filter(Objects::nonNull),
                        Stream.of(FaceLoader.class.getClassLoader()))
                .distinct()
                .filter(loader -> interfaces.stream().allMatch(each -> sees(loader, each)))
                .findFirst()
                .orElse(own);
    }

    private static boolean sees(ClassLoader loader, Class<?> type) {
        try {
            return Class.forName(type.getName(), false, loader).equals(type);
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }
}
