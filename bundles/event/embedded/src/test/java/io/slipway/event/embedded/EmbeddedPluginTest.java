package io.slipway.event.embedded;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.event.spi.EventBus;
import io.slipway.event.spi.EventReceiver;
import io.slipway.model.event.Event;
import io.slipway.plugin.api.Promotable;
import io.slipway.plugin.testkit.PluginContract;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

class EmbeddedPluginTest extends PluginContract {

    @Override
    protected Class<?> pluginClass() {
        return EmbeddedEventBus.class;
    }

    /** Leaves one subscription open: the bundle's stop must end it. */
    @Override
    protected void use(Object service) throws Exception {
        ((Promotable) service).promote(Optional.empty());
        var bus = (EventBus) service;
        var told = new CountDownLatch(2);
        bus.subscribe("plugin", receiver(told));
        try (var _ = bus.join("plugin", "group", receiver(told))) {
            bus.publish("plugin", List.of(new Event("1", "key", Map.of())), Duration.ofSeconds(1));
            assertTrue(told.await(20, TimeUnit.SECONDS));
        }
    }

    private static EventReceiver receiver(CountDownLatch told) {
        return new EventReceiver() {
            @Override
            public void received(Event event) {
                told.countDown();
            }

            @Override
            public void cut(String reason) {}
        };
    }
}
