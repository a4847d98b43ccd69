package io.slipway.metrics.api;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** What a part of the system has to tell in figures. Whoever has some registers it as a service. Thread-safe. */
@ConsumerType
@FunctionalInterface
public interface Figures {

    /**
     * Returns how it stands now. Asked at each look of a collector, some times a minute; should take milliseconds. What it
     * throws is logged, and the others are served without it.
     */
    List<Figure> figures();
}
