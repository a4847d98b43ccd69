package io.slipway.config.access;

import io.slipway.config.api.SharedConfig;
import io.slipway.config.spi.ConfigStore;
import io.slipway.config.spi.ConfigStoreException;
import io.slipway.config.spi.LeaseStore;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginSet;
import io.slipway.plugin.api.Plugins;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Leases the store for each call; a watch holds its lease until another version of the store takes over. */
@Component(configurationPid = "io.slipway.config.access")
@Designate(ocd = LeasedSharedConfig.Config.class)
public final class LeasedSharedConfig implements SharedConfig {

    /** Operator settings. */
    @ObjectClassDefinition(name = "Slipway shared configuration")
    public @interface Config {
        /** Which store. */
        @AttributeDefinition(description = "Id of the plug-in that stores shared configuration")
        String store() default "embedded";
    }

    private static final Logger LOG = LoggerFactory.getLogger(LeasedSharedConfig.class);
    private static final long FOLLOW_EVERY_MILLIS = 1_000;
    private static final int LONGEST_KEY = 512;
    private static final int LONGEST_VALUE = 1 << 20;

    private final PluginSet<ConfigStore> stores;
    private final PluginId store;
    private volatile PluginSet.Subscription moves = () -> {};
    private final Set<FollowingWatch> watches = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService follower = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("slipway-config-follow").factory());

    /** Used by the component runtime. */
    @Activate
    public LeasedSharedConfig(@Reference Plugins plugins, Config config) {
        this(plugins, config.store());
    }

    LeasedSharedConfig(Plugins plugins, String store) {
        this.stores = plugins.set(ConfigStore.class);
        this.store = new PluginId(store);
    }

    @Activate
    @SuppressWarnings("FutureReturnValueIgnored") // it ends with its thread
    void start() {
        moves = stores.onChange(this::follow);
        follower.scheduleWithFixedDelay(this::mend, FOLLOW_EVERY_MILLIS, FOLLOW_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Deactivate
    void stop() {
        follower.shutdown(); // not interrupted: it may be in the store
        moves.close();
        watches.forEach(FollowingWatch::close);
    }

    @Override
    public Optional<String> get(String key) {
        check(key);
        return call(active -> active.get(key));
    }

    @Override
    public SortedMap<String, String> list(String prefix) {
        return call(active -> active.list(prefix));
    }

    @Override
    public void put(Map<String, String> pairs) {
        pairs.forEach((key, value) -> {
            check(key);
            if (value.length() > LONGEST_VALUE) {
                throw SlipwayException.invalid(key, "the value is longer than " + LONGEST_VALUE + " characters");
            }
        });
        call(active -> {
            active.put(pairs);
            return pairs;
        });
    }

    @Override
    public long delete(String key, boolean prefix) {
        check(key);
        return call(active -> active.delete(key, prefix));
    }

    @Override
    public AutoCloseable watch(String prefix, BiConsumer<String, Optional<String>> listener) {
        var watch = new FollowingWatch(stores, store, prefix, listener);
        try {
            watch.open();
        } catch (ConfigStoreException e) {
            throw unavailable(e);
        }
        watches.add(watch);
        watch.follow(); // the store may have changed hands before anybody could know of this watch
        return () -> {
            watches.remove(watch);
            watch.close();
        };
    }

    /** Lets every watch follow the active store; called when another one has taken over. */
    void follow() {
        each(FollowingWatch::follow);
    }

    /** Opens anew what a failure of the store has interrupted, and moves what could not move; called every second. */
    void mend() {
        each(FollowingWatch::mend);
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: an escaped exception would silently end all later rounds
    private void each(Consumer<FollowingWatch> action) {
        for (var watch : watches) {
            try {
                action.accept(watch);
            } catch (RuntimeException e) {
                LOG.error("A watch cannot follow the store, next try in {} ms", FOLLOW_EVERY_MILLIS, e);
            }
        }
    }

    @Override
    public Optional<Long> acquireLease(String name, String owner, Duration timeToLive) {
        check(name);
        return call(active -> leases(active).acquire(name, owner, timeToLive));
    }

    @Override
    public void releaseLease(String name, String owner) {
        check(name);
        call(active -> {
            leases(active).release(name, owner);
            return name;
        });
    }

    private static LeaseStore leases(ConfigStore active) throws ConfigStoreException {
        if (active instanceof LeaseStore leases) {
            return leases;
        }
        throw new ConfigStoreException(
                "this store knows no leases: " + active.getClass().getSimpleName());
    }

    private interface Call<T> {
        T on(ConfigStore active) throws ConfigStoreException;
    }

    private <T> T call(Call<T> call) {
        try (var lease = stores.lease(store)) {
            return call.on(lease.get());
        } catch (ConfigStoreException e) {
            throw unavailable(e);
        }
    }

    private static SlipwayException unavailable(ConfigStoreException failure) {
        return new SlipwayException(
                FailureCode.UNAVAILABLE, "shared configuration: " + failure.getMessage(), Map.of(), failure);
    }

    private static void check(String key) {
        if (key.isEmpty() || key.length() > LONGEST_KEY || key.startsWith("/")) {
            throw SlipwayException.invalid("key", "1 to " + LONGEST_KEY + " characters, not beginning with /");
        }
    }
}
