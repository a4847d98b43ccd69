package ${package};

import io.slipway.model.session.SessionId;
import io.slipway.model.slot.SlotAmounts;
import io.slipway.model.slot.SlotName;
import io.slipway.plugin.api.SelfCheck;
import io.slipway.scheduling.spi.PendingSession;
import io.slipway.scheduling.spi.SequencingPolicy;
import io.slipway.scheduling.spi.Usage;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.osgi.service.component.annotations.Component;

/** Within a priority, what asks for the fewest cores comes first. A pure function: nothing is kept between calls. */
@Component(service = SequencingPolicy.class, property = "slipway.plugin.id=${pluginId}")
public final class SmallestFirst implements SequencingPolicy, SelfCheck {

    private static final Comparator<PendingSession> ORDER = Comparator.comparingInt(PendingSession::priority)
            .reversed()
            .thenComparing(session -> session.request().get(SlotName.CPU))
            .thenComparing(PendingSession::createdAt)
            .thenComparing(session -> session.session().value()); // no two have one id: a total order

    @Override
    public Comparator<PendingSession> order(Usage usage) {
        return ORDER;
    }

    /** A wrong order would be noticed by nobody: sessions would start all the same. */
    @Override
    public List<String> selfCheck() {
        var order = order(new Usage(SlotAmounts.NONE, Map.of()));
        var isRight = order.compare(sample(1, 1), sample(2, 2)) < 0 && order.compare(sample(2, 2), sample(1, 1)) > 0;
        return isRight ? List.of() : List.of("a session of two cores comes before one of one core");
    }

    private static PendingSession sample(int number, int cores) {
        var request = SlotAmounts.of(SlotName.CPU, BigDecimal.valueOf(cores));
        return new PendingSession(new SessionId(new UUID(0, number)), "owner", "project", 10, Instant.EPOCH, request);
    }
}
