package io.slipway.manager.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import io.slipway.manager.api.CredentialCache;
import io.slipway.manager.api.Credentials;
import io.slipway.manager.api.Secrets;
import io.slipway.manager.store.IdentityStore;
import io.slipway.manager.store.KeypairRecord;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.identity.Principal;
import io.slipway.model.identity.UserStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Remembers keypairs for seconds, opened, and unknown keys for a shorter while, so that neither a busy nor a guessing
 * caller asks the store each time. Bounded; several callers with one key make one look. Thread-safe.
 */
@Component(service = {Credentials.class, CredentialCache.class})
public final class CachedCredentials implements Credentials, CredentialCache {

    private static final int MOST = 10_000;
    private static final Duration KNOWN_FOR = Duration.ofSeconds(15);
    private static final Duration UNKNOWN_FOR = Duration.ofSeconds(2);

    private final IdentityStore store;
    private final Secrets secrets;
    private final Cache<AccessKey, Look> cache;

    /** What a look gave; of an unknown key there is no credential. */
    private sealed interface Look {
        record Found(Credential credential) implements Look {}

        record Nothing() implements Look {}
    }

    /** Used by the component runtime. */
    @Activate
    public CachedCredentials(@Reference IdentityStore store, @Reference Secrets secrets) {
        this(store, secrets, Ticker.systemTicker());
    }

    CachedCredentials(IdentityStore store, Secrets secrets, Ticker ticker) {
        this.store = store;
        this.secrets = secrets;
        this.cache = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfter(Expiry.<AccessKey, Look>writing((key, look) -> switch (look) {
                    case Look.Found found -> KNOWN_FOR;
                    case Look.Nothing nothing -> UNKNOWN_FOR;
                }))
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    @Override
    public Optional<Credential> find(AccessKey accessKey) {
        return switch (cache.get(accessKey, this::look)) {
            case Look.Found found -> Optional.of(found.credential());
            case Look.Nothing nothing -> Optional.empty();
        };
    }

    @Override
    public void forget(AccessKey accessKey) {
        cache.invalidate(accessKey);
    }

    private Look look(AccessKey accessKey) {
        var keypair = store.keypair(accessKey).filter(CachedCredentials::maySign);
        return keypair.isEmpty()
                ? new Look.Nothing()
                : new Look.Found(new OpenedCredential(
                        keypair.get(), secrets.open(accessKey, keypair.get().sealedSecret())));
    }

    private static boolean maySign(KeypairRecord keypair) {
        var user = keypair.user();
        return keypair.isActive()
                && user.status() == UserStatus.ACTIVE
                && keypair.accessKey().equals(user.mainAccessKey());
    }

    /** A keypair with its secret in memory. */
    private static final class OpenedCredential implements Credential {

        private final Principal principal;
        private final byte[] secret;
        private final int rateLimit;
        private final List<String> allowedClientIps;

        OpenedCredential(KeypairRecord keypair, byte[] secret) {
            this.principal = Principals.of(keypair);
            this.secret = secret;
            this.rateLimit = keypair.rateLimit();
            this.allowedClientIps = keypair.user().allowedClientIps();
        }

        @Override
        public Principal principal() {
            return principal;
        }

        @Override
        public byte[] secret() {
            return secret.clone();
        }

        @Override
        public int rateLimit() {
            return rateLimit;
        }

        @Override
        public List<String> allowedClientIps() {
            return allowedClientIps;
        }

        @Override
        public String toString() {
            return "Credential[" + principal.accessKey() + "]";
        }
    }
}
