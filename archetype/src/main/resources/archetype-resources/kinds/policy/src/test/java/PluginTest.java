package ${package};

import io.slipway.model.slot.SlotAmounts;
import io.slipway.plugin.testkit.PluginContract;
import io.slipway.scheduling.spi.AgentSelector;
import io.slipway.scheduling.spi.SequencingPolicy;
import io.slipway.scheduling.spi.Usage;
import java.util.List;
import java.util.Map;

/** What every plug-in's bundle does: it starts, stands beside itself, checks itself and goes without a trace. */
class PluginTest extends PluginContract {

    @Override
    protected Class<?> pluginClass() {
        return SmallestFirst.class;
    }

    @Override
    protected void use(Object service) throws Exception {
        if (service instanceof SequencingPolicy policy) {
            policy.order(new Usage(SlotAmounts.NONE, Map.of()));
        } else {
            ((AgentSelector) service).select(SlotAmounts.NONE, List.of());
        }
    }
}
