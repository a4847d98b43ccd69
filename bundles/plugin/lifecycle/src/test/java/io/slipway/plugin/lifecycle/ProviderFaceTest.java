package io.slipway.plugin.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.slipway.plugin.api.PluginId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ProviderFaceTest {

    /** An SPI. */
    public interface Greeting {
        String words();
    }

    /** An interface that a plug-in brings. */
    public interface Own {
        String own();
    }

    static final class OfSpi implements Greeting {
        @Override
        public String words() {
            return "hello";
        }
    }

    static final class OfPlatform implements Supplier<String> {
        @Override
        public String get() {
            return "got";
        }
    }

    static final class WithOwn implements Greeting, Own {
        @Override
        public String words() {
            return "hello";
        }

        @Override
        public String own() {
            return "own";
        }
    }

    /** Has classes of its own, as a version of a plug-in has; the SPI is everybody's. */
    private static final class Version extends ClassLoader {

        Version() {
            super(ProviderFaceTest.class.getClassLoader());
        }

        Object make(Class<?>... types) throws ReflectiveOperationException {
            Class<?> last = Object.class;
            for (var type : types) {
                last = define(type);
            }
            var constructor = last.getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        }

        private Class<?> define(Class<?> type) {
            var file = type.getName().replace('.', '/') + ".class";
            try (var stream = type.getClassLoader().getResourceAsStream(file)) {
                var bytes = stream.readAllBytes();
                return defineClass(type.getName(), bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static Object face(Object service) {
        return new VersionedProvider(new PluginId("greeting"), "1.0.0", service, ProbationLimits.USUAL.window())
                .face()
                .shown();
    }

    @Test
    void callersMeetNoClassOfAPlugin() throws Exception {
        var one = new Version().make(OfSpi.class);
        var other = new Version().make(OfSpi.class);
        assertNotEquals(one.getClass(), other.getClass());

        var face = face(one);
        assertEquals("hello", ((Greeting) face).words());
        assertSame(Greeting.class.getClassLoader(), face.getClass().getClassLoader());
        assertSame(face.getClass(), face(other).getClass());
    }

    @Test
    void neitherByAnInterfaceOfThePlatform() throws Exception {
        var face = face(new Version().make(OfPlatform.class));
        assertEquals("got", ((Supplier<?>) face).get());
        assertSame(ProviderFace.class.getClassLoader(), face.getClass().getClassLoader());
    }

    @Test
    void anInterfaceThatThePluginBringsIsThereToo() throws Exception {
        var service = new Version().make(Own.class, WithOwn.class);
        var face = face(service);
        assertEquals("hello", ((Greeting) face).words());
        assertSame(service.getClass().getClassLoader(), face.getClass().getClassLoader());
    }
}
