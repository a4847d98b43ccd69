package ${package};

import io.slipway.model.slot.SlotName;
import io.slipway.scheduling.spi.PendingSession;
import io.slipway.scheduling.spi.SequencingPolicy;
import io.slipway.scheduling.spi.Usage;
import java.util.Comparator;
import org.osgi.service.component.annotations.Component;

/** Within a priority, what asks for the fewest cores comes first. A pure function: nothing is kept between calls. */
@Component(service = SequencingPolicy.class, property = "slipway.plugin.id=${pluginId}")
public final class SmallestFirst implements SequencingPolicy {

    private static final Comparator<PendingSession> ORDER = Comparator.comparingInt(PendingSession::priority)
            .reversed()
            .thenComparing(session -> session.request().get(SlotName.CPU))
            .thenComparing(PendingSession::createdAt)
            .thenComparing(session -> session.session().value()); // no two have one id: a total order

    @Override
    public Comparator<PendingSession> order(Usage usage) {
        return ORDER;
    }
}
