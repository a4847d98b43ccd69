package io.slipway.config.embedded;

import io.slipway.config.spi.ConfigListener;
import io.slipway.config.spi.ConfigStore;
import io.slipway.config.spi.ConfigStoreException;
import io.slipway.config.spi.LeaseStore;
import io.slipway.model.setting.InstallationFolder;
import io.slipway.plugin.api.HandedState;
import io.slipway.plugin.api.Promotable;
import io.slipway.plugin.api.PromotionException;
import io.slipway.plugin.api.SelfCheck;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * One file, one writer: writes are ordered by a lock that spans the commit to disk, which is the point of it. Readers see
 * a snapshot that is replaced after the commit: they never wait, and see neither half a change nor one that a crash could
 * take back. Leases live in memory, since their holders end with this process, and are handed over to another version;
 * tokens are on disk. Only the version that is promoted has the file: the library locks it.
 */
@Component(service = ConfigStore.class, property = "slipway.plugin.id=embedded")
public final class EmbeddedConfigStore implements ConfigStore, LeaseStore, Promotable, SelfCheck {

    private static final int MOST = 10_000;
    private static final int SCHEMA = 1;
    private static final Duration TELL_LIMIT = Duration.ofSeconds(2);

    private final StoreFile file; // guarded by writing
    private final LongSupplier nanoTime;
    private final Watchers watchers = new Watchers();
    private final ReentrantLock writing = new ReentrantLock();
    private final Map<String, Held> leases = new HashMap<>(); // guarded by writing
    private boolean isInDoubt = true; // guarded by writing: the file may have other pairs than the snapshot
    private volatile boolean isServing;
    private volatile SortedMap<String, String> snapshot = new TreeMap<>(); // never changed, only replaced

    private record Held(String owner, long token, long endNanos) {}

    /** Used by the component runtime. */
    @Activate
    public EmbeddedConfigStore(BundleContext context) throws IOException {
        this(StoreFile.in(InstallationFolder.of(context::getProperty).resolve("data")), System::nanoTime);
    }

    EmbeddedConfigStore(StoreFile file, LongSupplier nanoTime) {
        this.file = file;
        this.nanoTime = nanoTime;
    }

    @Override
    @SuppressWarnings("IllegalCatch") // whatever breaks off here would keep the file from the version before
    public void promote(Optional<HandedState> state) throws PromotionException {
        try {
            if (state.isPresent() && state.get().schema() != SCHEMA) {
                throw new PromotionException("leases of schema " + state.get().schema() + " are not known here");
            }
            start();
            if (state.isPresent()) {
                writing(() -> restore(state.get().values()));
            }
        } catch (ConfigStoreException e) {
            stop();
            throw new PromotionException(String.valueOf(e.getMessage()), e);
        } catch (RuntimeException e) {
            stop();
            throw new PromotionException("the store breaks off: " + e, e);
        }
    }

    /** Takes the file. */
    void start() throws ConfigStoreException {
        isServing = true;
        writing(this::reload);
    }

    private Map<String, Held> restore(Map<String, String> values) {
        var now = nanoTime.getAsLong();
        leases.clear();
        values.forEach((name, text) -> {
            var parts = text.split(" ", 3); // the owner comes last: it may have spaces
            leases.put(name, new Held(parts[2], Long.parseLong(parts[0]), now + Long.parseLong(parts[1])));
        });
        return leases;
    }

    @Override
    public Optional<HandedState> demote() {
        watchers.drain(TELL_LIMIT);
        writing.lock();
        try {
            var now = nanoTime.getAsLong();
            var values = new HashMap<String, String>();
            leases.forEach((name, held) ->
                    values.put(name, held.token() + " " + (held.endNanos() - now) + " " + held.owner()));
            letGo(); // if it breaks off, who is promoted once more still knows them
            leases.clear();
            return Optional.of(new HandedState(SCHEMA, values));
        } finally {
            writing.unlock();
        }
    }

    @Override
    public List<String> stateToMove() {
        writing.lock();
        try {
            return List.of(snapshot.size() + " keys in their file", leases.size() + " leases");
        } finally {
            writing.unlock();
        }
    }

    private void letGo() {
        isServing = false;
        isInDoubt = true;
        file.close();
    }

    @Deactivate
    void stop() {
        watchers.close();
        writing.lock();
        try {
            letGo();
        } finally {
            writing.unlock();
        }
    }

    /** Reads the file, once this version has it. */
    @Override
    public List<String> selfCheck() {
        if (!isServing) {
            return List.of();
        }
        try {
            writing(file::pairs);
            return List.of();
        } catch (ConfigStoreException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }

    private void check() throws ConfigStoreException {
        if (!isServing) {
            throw new ConfigStoreException("this version of the store does not serve");
        }
    }

    @Override
    public Optional<String> get(String key) throws ConfigStoreException {
        check();
        return Optional.ofNullable(snapshot.get(key));
    }

    @Override
    public SortedMap<String, String> list(String prefix) throws ConfigStoreException {
        check();
        var found = withPrefix(prefix, MOST + 1);
        if (found.size() > MOST) {
            throw new ConfigStoreException("more than " + MOST + " keys begin with '" + prefix + "'");
        }
        return Collections.unmodifiableSortedMap(found);
    }

    private SortedMap<String, String> withPrefix(String prefix, int most) {
        var found = new TreeMap<String, String>();
        for (var pair : snapshot.tailMap(prefix).entrySet()) {
            if (!pair.getKey().startsWith(prefix) || found.size() == most) {
                break;
            }
            found.put(pair.getKey(), pair.getValue());
        }
        return found;
    }

    @Override
    public void put(Map<String, String> pairs) throws ConfigStoreException {
        var sorted = new TreeMap<>(pairs);
        writing(() -> {
            file.put(sorted);
            var next = new TreeMap<>(snapshot);
            next.putAll(sorted);
            snapshot = next;
            sorted.forEach(watchers::tell);
            return next;
        });
    }

    @Override
    public long delete(String key, boolean prefix) throws ConfigStoreException {
        return writing(() -> {
            var keys = prefix ? Set.copyOf(withPrefix(key, Integer.MAX_VALUE).keySet()) : Set.of(key);
            var next = new TreeMap<>(snapshot);
            var deleted = new TreeSet<>(keys);
            deleted.retainAll(next.keySet());
            if (!deleted.isEmpty()) {
                file.remove(deleted);
                deleted.forEach(next::remove);
                snapshot = next;
                deleted.forEach(each -> watchers.tell(each, null));
            }
            return (long) deleted.size();
        });
    }

    @Override
    public Watch watch(String prefix, ConfigListener listener) {
        return watchers.add(prefix, listener);
    }

    @Override
    public Optional<Long> acquire(String name, String owner, Duration timeToLive) throws ConfigStoreException {
        if (timeToLive.compareTo(SHORTEST_LEASE) < 0) {
            throw new IllegalArgumentException("a lease of " + timeToLive + " is shorter than " + SHORTEST_LEASE);
        }
        return writing(() -> {
            var now = nanoTime.getAsLong();
            var held = Optional.ofNullable(leases.get(name)).filter(lease -> lease.endNanos() - now > 0);
            if (held.isPresent() && !held.get().owner().equals(owner)) {
                return Optional.empty();
            }
            var token = held.isPresent() ? held.get().token() : file.nextToken(name);
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

    private interface Step<T> {
        T run() throws ConfigStoreException;
    }

    private <T> T writing(Step<T> step) throws ConfigStoreException {
        writing.lock();
        try {
            check();
            if (isInDoubt) {
                reload();
            }
            isInDoubt = true; // until the step has told otherwise: a failed commit may be on disk or not
            var result = step.run();
            isInDoubt = false;
            return result;
        } finally {
            writing.unlock();
        }
    }

    /** Reads what the file has, and tells watches what that changes. */
    private SortedMap<String, String> reload() throws ConfigStoreException {
        var before = snapshot;
        var now = file.pairs();
        snapshot = now;
        isInDoubt = false;
        var keys = new TreeSet<>(before.keySet());
        keys.addAll(now.keySet());
        keys.stream()
                .filter(key -> !Objects.equals(before.get(key), now.get(key)))
                .forEach(key -> watchers.tell(key, now.get(key)));
        return now;
    }
}
