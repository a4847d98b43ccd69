package io.slipway.event.testkit;

import static io.slipway.event.testkit.Samples.event;
import static io.slipway.event.testkit.Samples.events;
import static io.slipway.event.testkit.Samples.ids;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slipway.event.spi.EventBus;
import io.slipway.model.event.Event;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How every {@link EventBus} lets groups share events. */
@Timeout(60)
public abstract class EventGroupContract extends OneBus {

    private static final long PATIENCE_SECONDS = 20;

    /** For subclasses. */
    protected EventGroupContract() {}

    @Test
    void tellsOneOfAGroupAndEverybodyElse() throws Exception {
        var inboxes = List.of(Inbox.open(), Inbox.open());
        var all = Inbox.open();
        var lone = Inbox.open();
        try (var _ = bus.join(TOPIC, "workers", inboxes.getFirst());
                var _ = bus.join(TOPIC, "workers", inboxes.getLast());
                var _ = bus.join(TOPIC, "others", lone);
                var _ = bus.subscribe(TOPIC, all)) {
            var sent = IntStream.range(0, 200)
                    .mapToObj(i -> event(Integer.toString(i), "key" + i % 20))
                    .toList();
            publish(sent);
            assertEquals(ids(sent), all.ids(200));
            assertEquals(ids(sent), lone.ids(200));
            var told = awaitTold(inboxes, 200);
            assertEquals(200, told.stream().mapToInt(List::size).sum(), "some were told to both");
            assertEquals(
                    new HashSet<>(ids(sent)),
                    told.stream().flatMap(List::stream).collect(Collectors.toSet()));
            assertEquals(List.of(), keysOfBoth(sent, told), "keys that both have heard of");
            told.forEach(part -> assertEquals(
                    part.stream()
                            .sorted((a, b) -> Integer.valueOf(a).compareTo(Integer.valueOf(b)))
                            .toList(),
                    part));
        }
    }

    private static List<String> keysOfBoth(List<Event> sent, List<List<String>> told) {
        var first = sent.stream()
                .filter(event -> told.getFirst().contains(event.id()))
                .map(Event::key)
                .collect(Collectors.toSet());
        return sent.stream()
                .filter(event -> told.getLast().contains(event.id()))
                .map(Event::key)
                .filter(first::contains)
                .distinct()
                .toList();
    }

    private static List<List<String>> awaitTold(List<Inbox> inboxes, int count) throws InterruptedException {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (inboxes.stream().mapToInt(inbox -> inbox.rest().size()).sum() < count && System.nanoTime() < end) {
            Thread.sleep(5);
        }
        return inboxes.stream().map(Inbox::rest).toList();
    }

    @Test
    void givesWhatAMemberLeavesToTheOthers() throws Exception {
        var stuck = Inbox.held();
        var other = Inbox.open();
        var leaving = bus.join(TOPIC, "workers", stuck);
        publish(events(0, 50));
        stuck.awaitEntered();
        try (var _ = bus.join(TOPIC, "workers", other)) {
            var closing = CompletableFuture.runAsync(leaving::close);
            assertEquals(ids(events(1, 50)), other.ids(49), "all but the one that is under way");
            stuck.release();
            closing.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            publish(events(50, 60));
            assertEquals(ids(events(50, 60)), other.ids(10));
            assertEquals(List.of("0"), stuck.rest());
        }
    }
}
