package io.slipway.manager.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.slipway.lib.http.Request;
import io.slipway.manager.api.Credentials;
import io.slipway.manager.api.Credentials.Credential;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.identity.Principal;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Finds out who signed a request, by checks in the order and with the words that clients know. Thread-safe. */
final class SignatureCheck {

    private static final long TOLERANCE_MILLIS = Duration.ofMinutes(15).toMillis();
    private static final HexFormat HEX = HexFormat.of();

    private static final int MOST_KEYS = 1_000;

    private final Credentials credentials;
    private final ClientAddress addresses;
    private final InstantSource clock;
    private final ConcurrentMap<KeyOwner, byte[]> hostKeys = new ConcurrentHashMap<>();

    /**
     * Who signs with a key that is derived from a secret. A credential that was looked up anew has keys of its own.
     *
     * @param credential whose secret it is
     * @param day of the signature
     * @param host that was addressed
     * @param hash of the signature
     */
    private record KeyOwner(Credential credential, String day, String host, Authorization.Hash hash) {}

    SignatureCheck(Credentials credentials, ClientAddress addresses, InstantSource clock) {
        this.credentials = credentials;
        this.addresses = addresses;
        this.clock = clock;
    }

    /**
     * Returns the keypair that signed.
     *
     * @param version the version that the request speaks, checked already
     * @throws Refusal if one of the checks fails
     */
    Credential signer(Request request, Optional<ApiVersion> version) {
        var rawDate = rawDate(request);
        var date = date(rawDate);
        var authorization = Authorization.of(request.header("Authorization"))
                .orElseThrow(() -> new Refusal(Problem.Kind.AUTH_FAILED.because("Unauthorized access")));
        var credential = credential(authorization.accessKey());
        if (version.isEmpty()) {
            throw new Refusal(Problem.Kind.INVALID_AUTH_PARAMS.because("API version missing in request headers"));
        }
        var hash = authorization.hash();
        var signed = stringToSign(request, rawDate, version.get(), hash);
        var owner = new KeyOwner(credential, day(date), request.host(), hash);
        var hostKey = hostKey(owner);
        var expected = signature(hostKey, signed, hash);
        if (!MessageDigest.isEqual(
                expected.getBytes(US_ASCII), authorization.signature().getBytes(UTF_8))) {
            throw new Refusal(Problem.Kind.AUTH_FAILED.because("Signature mismatch"));
        }
        remember(owner, hostKey);
        if (!isFromWhereItMay(request, credential)) {
            throw new Refusal(Problem.Kind.AUTH_FAILED.because("This address may not use the access key"));
        }
        return credential;
    }

    /** Returns who it is that a request was signed for, if it still may sign and come from there; its date is past. */
    Optional<Principal> again(Request request, AccessKey accessKey) {
        return credentials
                .find(accessKey)
                .filter(credential -> isFromWhereItMay(request, credential))
                .map(Credential::principal);
    }

    private boolean isFromWhereItMay(Request request, Credential credential) {
        var networks = credential.allowedClientIps();
        return networks.isEmpty() || addresses.isAllowed(request, networks);
    }

    private static String rawDate(Request request) {
        return request.header("Date")
                .or(() -> request.header("X-BackendAI-Date"))
                .or(() -> request.header("X-Sorna-Date"))
                .orElse("");
    }

    private OffsetDateTime date(String rawDate) {
        var date = SignedDate.parse(rawDate);
        if (date.isPresent()) {
            var skewMillis = Math.abs(date.get().toInstant().toEpochMilli() - clock.millis());
            if (skewMillis < TOLERANCE_MILLIS) {
                return date.get();
            }
        }
        throw new Refusal(Problem.Kind.INVALID_AUTH_PARAMS.because("Date/time sync error"));
    }

    private Credential credential(String accessKey) {
        Optional<Credential> found = Optional.empty();
        if (!accessKey.isBlank() && accessKey.length() <= 40) {
            found = credentials.find(new AccessKey(accessKey));
        }
        return found.orElseThrow(() -> new Refusal(Problem.Kind.AUTH_FAILED.because("Access key not found")));
    }

    private static String stringToSign(Request request, String rawDate, ApiVersion version, Authorization.Hash hash) {
        return request.method().toUpperCase(Locale.ROOT) + '\n'
                + request.target() + '\n'
                + rawDate + "\nhost:"
                + request.host() + "\ncontent-type:"
                + mimeType(request.header("Content-Type")) + '\n'
                + version.header() + ':' + version.value() + '\n'
                + hash.emptyDigest();
    }

    private static String mimeType(Optional<String> contentType) {
        if (contentType.isEmpty()) {
            return "application/octet-stream";
        }
        var text = contentType.get();
        var semicolon = text.indexOf(';');
        return (semicolon < 0 ? text : text.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    }

    private byte[] hostKey(KeyOwner owner) {
        var known = hostKeys.get(owner);
        return known == null ? hostKey(owner.credential().secret(), owner.day(), owner.host(), owner.hash()) : known;
    }

    /** Keeps a key that a good signature was made with: nobody else can fill the memory. */
    private void remember(KeyOwner owner, byte[] hostKey) {
        if (hostKeys.size() >= MOST_KEYS) {
            hostKeys.clear();
        }
        hostKeys.putIfAbsent(owner, hostKey);
    }

    /** Derives the key of the day and host, and signs with it. */
    static String signature(byte[] secret, OffsetDateTime date, String host, String text, Authorization.Hash hash) {
        return signature(hostKey(secret, day(date), host, hash), text, hash);
    }

    private static String signature(byte[] hostKey, String text, Authorization.Hash hash) {
        return HEX.formatHex(code(mac(hash), hostKey, text.getBytes(UTF_8)));
    }

    private static byte[] hostKey(byte[] secret, String day, String host, Authorization.Hash hash) {
        var mac = mac(hash);
        return code(mac, code(mac, secret, day.getBytes(US_ASCII)), host.getBytes(UTF_8));
    }

    private static Mac mac(Authorization.Hash hash) {
        try {
            return Mac.getInstance(hash.algorithm());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the Java platform lacks " + hash.algorithm(), e);
        }
    }

    private static byte[] code(Mac mac, byte[] key, byte[] message) {
        try {
            mac.init(new SecretKeySpec(key, mac.getAlgorithm()));
            return mac.doFinal(message);
        } catch (InvalidKeyException e) {
            throw new IllegalArgumentException("no key for " + mac.getAlgorithm(), e);
        }
    }

    private static String day(OffsetDateTime date) {
        var number = date.getYear() * 10_000 + date.getMonthValue() * 100 + date.getDayOfMonth();
        return Integer.toString(number);
    }
}
