package io.slipway.itests.bad;

import io.slipway.event.embedded.EmbeddedEventBus;
import io.slipway.event.spi.EventBus;
import io.slipway.event.spi.EventBusException;
import io.slipway.event.spi.EventReceiver;
import io.slipway.model.event.Event;
import io.slipway.plugin.api.HandedState;
import io.slipway.plugin.api.Promotable;
import io.slipway.plugin.api.PromotionException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The embedded bus, that takes no event. */
public final class DisturbedBus implements EventBus, Promotable {

    private final EmbeddedEventBus good = new EmbeddedEventBus();
    private final Fault fault;

    /** Used by the component runtime. */
    public DisturbedBus(Map<String, Object> properties) {
        fault = new Fault(properties);
    }

    /** Used by the component runtime. */
    public void deactivate() {
        fault.end();
    }

    @Override
    public void publish(String topic, List<Event> events, Duration limit) throws EventBusException {
        fault.strike();
        good.publish(topic, events, limit);
    }

    @Override
    public Subscription subscribe(String topic, EventReceiver receiver) throws EventBusException {
        return good.subscribe(topic, receiver);
    }

    @Override
    public Subscription join(String topic, String group, EventReceiver receiver) throws EventBusException {
        return good.join(topic, group, receiver);
    }

    @Override
    public void promote(Optional<HandedState> state) throws PromotionException {
        good.promote(state);
    }

    @Override
    public Optional<HandedState> demote() {
        return good.demote();
    }

    @Override
    public List<String> stateToMove() {
        return good.stateToMove();
    }
}
