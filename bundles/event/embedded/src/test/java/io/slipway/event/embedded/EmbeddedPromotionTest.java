package io.slipway.event.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slipway.event.spi.EventBusException;
import io.slipway.event.spi.EventReceiver;
import io.slipway.model.event.Event;
import io.slipway.plugin.testkit.PromotableContract;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** It has no state that moves: subscriptions begin anew, and who gave up tells to the end what it has. */
class EmbeddedPromotionTest extends PromotableContract<EmbeddedEventBus> {

    @Override
    protected EmbeddedEventBus standby() {
        return new EmbeddedEventBus();
    }

    @Override
    protected void stop(EmbeddedEventBus bus) {
        bus.stop();
    }

    @Override
    protected void use(EmbeddedEventBus bus) throws EventBusException, InterruptedException {
        var told = new LinkedBlockingQueue<Event>();
        var event = new Event("1", "key", Map.of());
        try (var _ = bus.subscribe("topic", new EventReceiver() {
            @Override
            public void received(Event each) {
                told.add(each);
            }

            @Override
            public void cut(String reason) {}
        })) {
            bus.publish("topic", List.of(event), Duration.ZERO);
            assertEquals(event, told.poll(20, TimeUnit.SECONDS));
        }
    }
}
