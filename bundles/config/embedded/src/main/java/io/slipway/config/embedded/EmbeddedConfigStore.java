package io.slipway.config.embedded;

import io.slipway.config.spi.ConfigListener;
import io.slipway.config.spi.ConfigStore;
import io.slipway.config.spi.ConfigStoreException;
import io.slipway.config.spi.LeaseStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * One file, one writer: writes are ordered by a lock that spans the commit to disk, which is the point of it; reads never
 * wait.
 */
@Component(service = ConfigStore.class, property = "slipway.plugin.id=embedded")
public final class EmbeddedConfigStore implements ConfigStore, LeaseStore {

    private static final int MOST = 10_000;

    private final MVStore file;
    private final MVMap<String, String> values;
    private final MVMap<String, Long> tokens;
    private final LongSupplier nanoTime;
    private final Watchers watchers = new Watchers();
    private final ReentrantLock writing = new ReentrantLock();
    private final Map<String, Held> leases = new HashMap<>(); // guarded by writing

    private record Held(String owner, long token, long endNanos) {}

    /** Used by the component runtime. */
    @Activate
    public EmbeddedConfigStore(BundleContext context) throws IOException {
        this(home(context).resolve("data"), System::nanoTime);
    }

    EmbeddedConfigStore(Path folder, LongSupplier nanoTime) throws IOException {
        Files.createDirectories(folder);
        this.nanoTime = nanoTime;
        this.file = new MVStore.Builder()
                .fileName(folder.resolve("config.mv").toString())
                .autoCommitDisabled()
                .open();
        this.values = file.openMap("values");
        this.tokens = file.openMap("tokens");
    }

    @Deactivate
    void stop() {
        watchers.close();
        file.close();
    }

    @Override
    public Optional<String> get(String key) throws ConfigStoreException {
        return reading(() -> Optional.ofNullable(values.get(key)));
    }

    @Override
    public SortedMap<String, String> list(String prefix) throws ConfigStoreException {
        var found = reading(() -> {
            var pairs = new TreeMap<String, String>();
            var keys = values.keyIterator(prefix);
            while (keys.hasNext() && pairs.size() <= MOST) {
                var key = keys.next();
                if (!key.startsWith(prefix)) {
                    break;
                }
                Optional.ofNullable(values.get(key)).ifPresent(value -> pairs.put(key, value));
            }
            return pairs;
        });
        if (found.size() > MOST) {
            throw new ConfigStoreException("more than " + MOST + " keys begin with '" + prefix + "'");
        }
        return Collections.unmodifiableSortedMap(found);
    }

    @Override
    public void put(Map<String, String> pairs) throws ConfigStoreException {
        writing(() -> {
            values.putAll(pairs);
            commit();
            pairs.forEach(watchers::tell);
            return pairs;
        });
    }

    @Override
    public long delete(String key, boolean prefix) throws ConfigStoreException {
        var keys = prefix ? list(key).keySet() : java.util.Set.of(key);
        return writing(() -> {
            var deleted =
                    keys.stream().filter(any -> values.remove(any) != null).toList();
            commit();
            deleted.forEach(any -> watchers.tell(any, null));
            return (long) deleted.size();
        });
    }

    @Override
    public Watch watch(String prefix, ConfigListener listener) {
        return watchers.add(prefix, listener);
    }

    @Override
    public Optional<Long> acquire(String name, String owner, Duration timeToLive) throws ConfigStoreException {
        return writing(() -> {
            var now = nanoTime.getAsLong();
            var held = Optional.ofNullable(leases.get(name)).filter(lease -> lease.endNanos() - now > 0);
            if (held.isPresent() && !held.get().owner().equals(owner)) {
                return Optional.empty();
            }
            var token = held.isPresent() ? held.get().token() : nextToken(name);
            leases.put(name, new Held(owner, token, now + timeToLive.toNanos()));
            return Optional.of(token);
        });
    }

    @Override
    public void release(String name, String owner) throws ConfigStoreException {
        writing(() -> leases.entrySet()
                .removeIf(lease ->
                        lease.getKey().equals(name) && lease.getValue().owner().equals(owner)));
    }

    private long nextToken(String name) {
        var token = Optional.ofNullable(tokens.get(name)).orElse(0L) + 1;
        tokens.put(name, token);
        commit();
        return token;
    }

    private void commit() {
        file.commit();
        file.sync();
    }

    private interface Step<T> {
        T run();
    }

    private <T> T reading(Step<T> step) throws ConfigStoreException {
        try {
            return step.run();
        } catch (MVStoreException e) {
            throw new ConfigStoreException("cannot read " + file.getFileStore() + ": " + e.getMessage(), e);
        }
    }

    private <T> T writing(Step<T> step) throws ConfigStoreException {
        writing.lock();
        try {
            return step.run();
        } catch (MVStoreException e) {
            throw new ConfigStoreException("cannot write " + file.getFileStore() + ": " + e.getMessage(), e);
        } finally {
            writing.unlock();
        }
    }

    private static Path home(BundleContext context) {
        var home = context.getProperty("slipway.home");
        return Path.of(home == null ? String.valueOf(context.getProperty("karaf.base")) : home);
    }
}
