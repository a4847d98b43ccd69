package io.slipway.manager.scheduler;

import io.slipway.config.api.SharedConfig;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.plugin.api.Lease;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginSet;
import io.slipway.plugin.api.Plugins;
import io.slipway.scheduling.spi.AgentSelector;
import io.slipway.scheduling.spi.SequencingPolicy;
import java.util.stream.Collectors;

/** Which policies a resource group uses: its own keys of the shared configuration, else the component's setting. */
final class GroupPolicies {

    private final PluginSet<SequencingPolicy> sequencings;
    private final PluginSet<AgentSelector> selectors;
    private final SharedConfig config;
    private final Ids defaults;

    /**
     * Ids of policies.
     *
     * @param sequencing which orders
     * @param selector which chooses agents
     */
    record Ids(String sequencing, String selector) {}

    /** Policies in use; close it. */
    record Leased(Lease<SequencingPolicy> sequencing, Lease<AgentSelector> selector) implements AutoCloseable {

        @Override
        public void close() {
            selector.close();
            sequencing.close();
        }
    }

    GroupPolicies(Plugins plugins, SharedConfig config, String sequencing, String selector) {
        this.sequencings = plugins.set(SequencingPolicy.class);
        this.selectors = plugins.set(AgentSelector.class);
        this.config = config;
        this.defaults = new Ids(sequencing, selector);
    }

    /** Returns what groups use that are not set to use anything else. */
    Ids defaults() {
        return defaults;
    }

    /** Returns what a group is set to use; reads the shared configuration. */
    Ids ids(String group) {
        var prefix = "config/scheduling/" + group + "/";
        return new Ids(
                config.get(prefix + "sequencing").orElse(defaults.sequencing()),
                config.get(prefix + "selector").orElse(defaults.selector()));
    }

    /** Takes both policies for one decision; UNAVAILABLE, in words, if one is not there. */
    Leased lease(Ids ids) {
        var order = lease(sequencings, "sequencing", ids.sequencing());
        try {
            return new Leased(order, lease(selectors, "agent selection", ids.selector()));
        } catch (SlipwayException e) {
            order.close();
            throw e;
        }
    }

    private static <T> Lease<T> lease(PluginSet<T> set, String what, String id) {
        try {
            return set.find(new PluginId(id)).orElseThrow(() -> missing(set, what, id));
        } catch (IllegalArgumentException e) {
            throw missing(set, what, id); // no id that a plug-in could have
        }
    }

    private static SlipwayException missing(PluginSet<?> set, String what, String id) {
        var present = set.ids().stream().map(PluginId::value).collect(Collectors.joining(", "));
        return new SlipwayException(
                FailureCode.UNAVAILABLE,
                "the " + what + " policy " + id + " is not active; active are: "
                        + (present.isEmpty() ? "none" : present));
    }
}
