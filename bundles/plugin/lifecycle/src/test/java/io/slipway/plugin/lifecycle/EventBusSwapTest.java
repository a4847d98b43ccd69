package io.slipway.plugin.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.event.access.LeasedEvents;
import io.slipway.event.api.EventListener;
import io.slipway.event.api.Events;
import io.slipway.event.embedded.EmbeddedEventBus;
import io.slipway.event.spi.EventBus;
import io.slipway.model.event.Event;
import io.slipway.plugin.api.PluginArtifact;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.Plugins;
import io.slipway.plugin.api.SwapOutcome.RolledBack;
import io.slipway.plugin.api.SwapOutcome.Swapped;
import io.slipway.plugin.lifecycle.sample.DeafBus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Constants;

/** Swaps of the event bus under a flow of events, through the facade that everybody uses. */
@Timeout(120)
class EventBusSwapTest {

    private static final PluginId BUS = new PluginId("event-embedded");
    private static final String TOPIC = "test";
    private static final int KEYS = 3;
    private static final long PAUSE_NANOS = 500_000; // some 10,000 events a second

    @TempDir
    private Path home;

    private SwapFixture swaps;
    private Events events;

    /** What one listener has heard, by key. */
    private static final class Book implements EventListener {

        private final Map<String, List<Integer>> heard = Collections.synchronizedMap(new TreeMap<>());
        private final List<String> gaps = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void happened(Event event) {
            var number = Integer.parseInt(event.id().substring(event.key().length() + 1));
            heard.computeIfAbsent(event.key(), key -> Collections.synchronizedList(new ArrayList<>()))
                    .add(number);
        }

        @Override
        public void missed(String why) {
            gaps.add(why);
        }

        int count() {
            synchronized (heard) {
                return heard.values().stream().mapToInt(List::size).sum();
            }
        }
    }

    /** Publishers of one key each, until they are stopped. */
    private final class Flow implements AutoCloseable {

        private final AtomicBoolean isOver = new AtomicBoolean();
        private final List<CompletableFuture<Integer>> publishers = new ArrayList<>();

        Flow() {
            for (var key = 0; key < KEYS; key++) {
                var name = "key" + key;
                publishers.add(CompletableFuture.supplyAsync(
                        () -> publish(name), task -> Thread.ofVirtual().start(task)));
            }
        }

        private int publish(String key) {
            var next = 0;
            while (!isOver.get()) {
                var first = next;
                next += 2;
                events.publish(
                        TOPIC,
                        IntStream.range(first, next)
                                .mapToObj(i -> new Event(key + "/" + i, key, Map.of("text", "x")))
                                .toList());
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            return next;
        }

        /** Returns how many each has published. */
        List<Integer> stop() throws Exception {
            isOver.set(true);
            var counts = new ArrayList<Integer>();
            for (var publisher : publishers) {
                counts.add(publisher.get(60, TimeUnit.SECONDS));
            }
            return counts;
        }

        @Override
        public void close() {
            isOver.set(true);
        }
    }

    @BeforeEach
    void startWithTwoVersions() throws Exception {
        for (var version : List.of("1.0.0", "1.1.0")) {
            ModuleJar.write(
                    EmbeddedEventBus.class, version, home.resolve("plugins/event-embedded/" + version + ".jar"));
        }
        swaps = new SwapFixture(home);
        var context = swaps.context();
        context.registerService(Plugins.class, swaps.plugins(), null);
        var access = ModuleJar.write(LeasedEvents.class, "1.0.0", home.resolve("access.jar"));
        context.installBundle(access.toUri().toString()).start();
        events = context.getService(context.getServiceReference(Events.class));
    }

    @AfterEach
    void stop() throws Exception {
        swaps.close();
    }

    @Test
    void losesAndDoublesNoEventAndKeepsTheOrderOfEachKey() throws Exception {
        var all = new Book();
        var shared = List.of(new Book(), new Book());
        events.subscribe(TOPIC, all);
        shared.forEach(book -> events.join(TOPIC, "group", book));
        List<Integer> counts;
        try (var flow = new Flow()) {
            for (var round = 0; round < 20; round++) {
                var version = round % 2 == 0 ? "1.0.0" : "1.1.0";
                var outcome = swaps.engine().select(BUS, version, any -> {}).get(20, TimeUnit.SECONDS);
                var swapped = assertInstanceOf(Swapped.class, outcome);
                assertEquals("", swapped.remark(), "what was left of the version before");
            }
            counts = flow.stop();
        }
        assertHeard(counts, List.of(all));
        assertHeard(counts, shared);
    }

    @Test
    void losesAndDoublesNoEventThroughABusThatTakesNone() throws Exception {
        var all = new Book();
        events.subscribe(TOPIC, all);
        List<Integer> counts;
        try (var flow = new Flow()) {
            var outcome = swaps.engine().swap(deaf("1.2.0"), any -> {}).get(60, TimeUnit.SECONDS);
            var back = assertInstanceOf(RolledBack.class, outcome);
            assertTrue(back.reason().contains("nobody at home"), back::reason);
            assertEquals(0, back.costs().failed());
            assertTrue(back.costs().retried() > 0);
            counts = flow.stop();
        }
        assertHeard(counts, List.of(all));
    }

    private PluginArtifact deaf(String version) {
        var jar = home.resolve("incoming/" + version + ".jar");
        SampleBundle.of("io.slipway.event.embedded", version)
                .supplier("embedded", DeafBus.class, "", "")
                .type(innerOf(DeafBus.class))
                .text("OSGI-INF/component.xml", """
                        <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.4.0" name="sample.Deaf">
                          <property name="slipway.plugin.id" value="embedded"/>
                          <service><provide interface="%s"/></service>
                          <implementation class="%s"/>
                        </scr:component>
                        """.formatted(EventBus.class.getName(), DeafBus.class.getName()))
                .header(
                        Constants.IMPORT_PACKAGE,
                        "io.slipway.event.spi,io.slipway.model.event,io.slipway.plugin.api,io.slipway.model.call")
                .write(jar);
        return new PluginArtifact(BUS, jar, "a test");
    }

    private static Class<?> innerOf(Class<?> type) {
        try {
            return Class.forName(type.getName() + "$1");
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Every event was told to one of these, once and in order. */
    private static void assertHeard(List<Integer> counts, List<Book> books) throws InterruptedException {
        var sum = counts.stream().mapToInt(Integer::intValue).sum();
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (books.stream().mapToInt(Book::count).sum() < sum && System.nanoTime() < end) {
            Thread.sleep(5);
        }
        for (var key = 0; key < KEYS; key++) {
            var name = "key" + key;
            var heard = new ArrayList<Integer>();
            for (var book : books) {
                var part = List.copyOf(book.heard.getOrDefault(name, List.of()));
                assertEquals(part.stream().sorted().toList(), part, "order of " + name);
                heard.addAll(part);
            }
            Collections.sort(heard);
            var expected = IntStream.range(0, counts.get(key)).boxed().toList();
            assertEquals(expected.size(), heard.size(), "events of " + name);
            assertEquals(expected, heard);
        }
        books.forEach(book -> assertEquals(List.of(), book.gaps));
    }
}
