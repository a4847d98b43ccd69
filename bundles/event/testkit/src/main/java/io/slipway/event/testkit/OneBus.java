package io.slipway.event.testkit;

import io.slipway.event.spi.EventBus;
import io.slipway.event.spi.EventBusException;
import io.slipway.model.event.Event;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A bus that serves during a test, and no longer. */
@NullUnmarked // the test framework fills the field
abstract class OneBus {

    static final Duration LIMIT = Duration.ofSeconds(1);
    static final String TOPIC = "test";

    EventBus bus;

    /** Opens a bus that serves; several of one test may be open one after the other. */
    protected abstract EventBus open() throws Exception;

    /** Closes a bus as a stop of the system would. */
    protected abstract void close(EventBus bus) throws Exception;

    @BeforeEach
    void openBus() throws Exception {
        bus = open();
    }

    @AfterEach
    void closeBus() throws Exception {
        close(bus);
    }

    void publish(List<Event> events) throws EventBusException {
        bus.publish(TOPIC, events, LIMIT);
    }
}
