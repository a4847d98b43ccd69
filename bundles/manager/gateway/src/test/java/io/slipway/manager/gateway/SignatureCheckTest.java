package io.slipway.manager.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slipway.manager.api.Credentials.Credential;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.identity.Principal;
import io.slipway.model.identity.UserRole;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The worked examples of the wire protocol, and each check with its words. */
class SignatureCheckTest {

    private static final String ACCESS = "AKIATESTTESTTESTTEST";
    private static final String SECRET = "made-up-secret-key-0123456789abcdefghijkl";
    private static final String DATE = "2026-01-02T03:04:05.678901+00:00";
    private static final String POST_SIGNATURE = "88dfb9e3d752fede7bd21b3a1702b1211f088e4fceacf4daf527ac9473553351";

    private final Fakes.Keys keys = new Fakes.Keys();
    private final Principal principal =
            new Principal(new AccessKey(ACCESS), new UUID(1, 2), "a@example.org", "default", UserRole.USER, false);
    private Instant now = Instant.parse("2026-01-02T03:10:00Z");
    private final SignatureCheck check =
            new SignatureCheck(keys, new ClientAddress(Gateway.trusted(new String[] {"127.0.0.0/8"})), () -> now);

    SignatureCheckTest() {
        allow(List.of());
    }

    @Test
    void acceptsTheWorkedExamples() {
        assertEquals(principal, sign(post(POST_SIGNATURE)).principal());
        var get = post("8f152812bd5e0c83923a4ce570ad691cee17aaccfef9d2864b2dd0c0bf7a4181")
                .with("Content-Type", "text/plain")
                .at("GET", "/session/_/match?id=abc");
        assertEquals(principal, sign(get).principal());
        var socket = post("4628a29ef9d3fcbb3ab66e0f636f311a4b4ee92ea6d807057c91cf54db0507b1")
                .without("Content-Type")
                .at("GET", "/stream/session/5f2c0f6e-0d0f-4a39-9a43-000000000001/pty");
        assertEquals(principal, sign(socket).principal());
    }

    @Test
    void takesNoKeyOfAnEarlierSecret() {
        assertEquals(principal, sign(post(POST_SIGNATURE)).principal());
        keys.entries.put(ACCESS, new Fakes.Keys.Entry(principal, "another".getBytes(UTF_8), 0, List.of()));
        assertEquals("401 auth-failed", refused(post(POST_SIGNATURE)).substring(0, 15));
        allow(List.of());
        assertEquals(principal, sign(post(POST_SIGNATURE)).principal());
    }

    @Test
    void looksAtTheMimeTypeOnly() {
        assertEquals(
                principal,
                sign(post(POST_SIGNATURE).with("Content-Type", "Application/JSON; charset=utf-8"))
                        .principal());
    }

    @Test
    void takesTheOlderNamesOfHeaders() {
        var older = post(POST_SIGNATURE).without("Date").with("X-Sorna-Date", DATE);
        assertEquals(principal, sign(older).principal());
        var text = older.text().replace("x-backendai-version:", "x-sorna-version:");
        var sorna = post(signature(text, DATE)).without("X-BackendAI-Version").with("X-Sorna-Version", "v8.20240915");
        assertEquals(principal, sign(sorna).principal());
        var scheme = post(POST_SIGNATURE)
                .with("Authorization", authorization(POST_SIGNATURE).replace("BackendAI", "Sorna"));
        assertEquals(principal, sign(scheme).principal());
    }

    @Test
    void takesDatesOfSeveralForms() {
        for (var date : List.of(
                "2026-01-02T03:04:05+00:00",
                "2026-01-02T03:04:05Z",
                "2026-01-02T03:04:05.678Z",
                "2026-01-02T12:04:05+09:00",
                "2026-01-02T12:04:05.5+0900",
                "2026-01-02T03:04:05",
                "2026-01-02 03:04:05.678901+00:00",
                "20260102T030405Z",
                "Fri, 02 Jan 2026 03:04:05 GMT")) {
            var request = post("").with("Date", date);
            assertEquals(
                    principal,
                    sign(request.with("Authorization", authorization(signature(request.text(), date))))
                            .principal(),
                    date);
        }
    }

    @Test
    void derivesTheKeyFromTheDayInTheDatesOwnOffset() {
        now = Instant.parse("2026-01-01T23:30:00Z");
        var date = "2026-01-02T08:30:00+09:00";
        var request = post("").with("Date", date);
        assertEquals(
                principal,
                sign(request.with("Authorization", authorization(signature(request.text(), date))))
                        .principal());
    }

    @Test
    void refusesDatesOutsideOfTheTolerance() {
        for (var date :
                List.of("", "yesterday", "2026-01-02", "2026-13-02T03:04:05Z", "2026-01-02T25:04:05Z", "\u0661")) {
            assertEquals(
                    "400 invalid-auth-params Date/time sync error",
                    refused(post(POST_SIGNATURE).with("Date", date)),
                    date);
        }
        assertEquals(
                "400 invalid-auth-params Date/time sync error",
                refused(post(POST_SIGNATURE).without("Date").without("Authorization")));
        now = Instant.parse("2026-01-02T03:19:05.677Z");
        assertEquals(principal, sign(post(POST_SIGNATURE)).principal());
        now = Instant.parse("2026-01-02T03:19:05.678Z");
        assertEquals("400 invalid-auth-params Date/time sync error", refused(post(POST_SIGNATURE)));
        now = Instant.parse("2026-01-02T02:49:05.677Z");
        assertEquals("400 invalid-auth-params Date/time sync error", refused(post(POST_SIGNATURE)));
    }

    @Test
    void refusesUnsignedRequests() {
        assertEquals(
                "401 auth-failed Unauthorized access",
                refused(post(POST_SIGNATURE).without("Authorization")));
        assertEquals(
                "401 auth-failed Unauthorized access",
                refused(post(POST_SIGNATURE).with("Authorization", "")));
    }

    @Test
    void refusesMalformedAuthorizations() {
        for (var header : List.of(
                "BackendAI",
                "Basic abc",
                "BackendAI ",
                "BackendAI signMethod",
                "BackendAI signMethod=HMAC-SHA256",
                "BackendAI credential=" + ACCESS + ":" + POST_SIGNATURE,
                "BackendAI signMethod=HMAC-SHA256, credential=" + ACCESS,
                "BackendAI signMethod=HMAC-MD5, credential=" + ACCESS + ":" + POST_SIGNATURE,
                "BackendAI signMethod=RSA-SHA256, credential=" + ACCESS + ":" + POST_SIGNATURE)) {
            var refusal = refused(post(POST_SIGNATURE).with("Authorization", header));
            assertEquals("400 invalid-auth-params", refusal.substring(0, 23), header);
        }
    }

    @Test
    void refusesUnknownKeysBeforeItLooksAtTheSignature() {
        for (var key : List.of("AKIANOBODYNOBODYNOBO", "", "x".repeat(41), " ")) {
            var header = "BackendAI signMethod=HMAC-SHA256, credential=" + key + ":00";
            assertEquals(
                    "401 auth-failed Access key not found",
                    refused(post(POST_SIGNATURE).with("Authorization", header)),
                    key);
        }
    }

    @Test
    void refusesSignedRequestsWithoutAVersion() {
        assertEquals(
                "400 invalid-auth-params API version missing in request headers",
                refused(post(POST_SIGNATURE).without("X-BackendAI-Version")));
    }

    @Test
    void refusesOtherSignatures() {
        for (var signature :
                List.of("", "0", POST_SIGNATURE.toUpperCase(Locale.ROOT), POST_SIGNATURE + "0", "\u00e4")) {
            assertEquals("401 auth-failed Signature mismatch", refused(post(signature)), signature);
        }
        assertEquals(
                "401 auth-failed Signature mismatch",
                refused(post(POST_SIGNATURE).at("POST", "/session?x=1")));
        assertEquals(
                "401 auth-failed Signature mismatch",
                refused(post(POST_SIGNATURE).at("PUT", "/session")));
        assertEquals(
                "401 auth-failed Signature mismatch",
                refused(post(POST_SIGNATURE).with("Host", "localhost:8091")));
        assertEquals(
                "401 auth-failed Signature mismatch",
                refused(post(POST_SIGNATURE).with("X-BackendAI-Version", "v8.20240315")));
    }

    @Test
    void looksAtTheAddressIfTheUserNamesSome() {
        allow(List.of("10.0.0.0/8", "2001:db8::/32"));
        var request = post(POST_SIGNATURE);
        assertEquals("401 auth-failed", refused(request.from("192.0.2.1")).substring(0, 15));
        assertEquals(principal, sign(request.from("10.1.2.3")).principal());
        assertEquals(principal, sign(request.from("2001:db8::5")).principal());
        assertEquals("401 auth-failed", refused(request.from("2001:db9::5")).substring(0, 15));
        // forged by a stranger: not believed; told by our proxy: believed, its last word only
        assertEquals(
                "401 auth-failed",
                refused(request.from("192.0.2.1").with("X-Forwarded-For", "10.1.2.3"))
                        .substring(0, 15));
        assertEquals(
                principal,
                sign(request.from("127.0.0.1").with("X-Forwarded-For", "1.1.1.1, 10.1.2.3, 127.0.0.1"))
                        .principal());
        assertEquals(
                "401 auth-failed",
                refused(request.from("127.0.0.1").with("X-Forwarded-For", "10.1.2.3\n1.1.1.1"))
                        .substring(0, 15));
        assertEquals(
                "401 auth-failed",
                refused(request.from("127.0.0.1").with("X-Forwarded-For", "10.1.2.3, 1.1.1.1"))
                        .substring(0, 15));
        allow(List.of("nonsense", "10.0.0.0/99", "/", "10.1.2.3/x"));
        assertEquals("401 auth-failed", refused(request.from("10.1.2.3")).substring(0, 15));
    }

    private void allow(List<String> networks) {
        keys.entries.put(ACCESS, new Fakes.Keys.Entry(principal, SECRET.getBytes(UTF_8), 0, networks));
    }

    private Credential sign(FakeRequest request) {
        return check.signer(request, ApiVersion.of(request));
    }

    private String refused(FakeRequest request) {
        var problem = assertThrows(Refusal.class, () -> sign(request)).problem();
        return problem.status() + " " + problem.type().replaceFirst(".*/", "") + " " + problem.msg();
    }

    private static String signature(String text, String date) {
        return SignatureCheck.signature(
                SECRET.getBytes(UTF_8),
                SignedDate.parse(date).orElseThrow(),
                "127.0.0.1:8091",
                text,
                Authorization.Hash.SHA256);
    }

    private static String authorization(String signature) {
        return "BackendAI signMethod=HMAC-SHA256, credential=" + ACCESS + ":" + signature;
    }

    private static FakeRequest post(String signature) {
        var headers = new HashMap<String, String>();
        headers.put("host", "127.0.0.1:8091");
        headers.put("date", DATE);
        headers.put("content-type", "application/json");
        headers.put("x-backendai-version", "v8.20240915");
        headers.put("authorization", authorization(signature));
        return new FakeRequest("POST", "/session", Map.copyOf(headers), "127.0.0.1");
    }

    @Test
    void readsDatesWithoutZoneAsUtc() {
        assertEquals(
                OffsetDateTime.of(2026, 1, 2, 3, 4, 5, 0, ZoneOffset.UTC),
                SignedDate.parse("2026-01-02T03:04:05").orElseThrow());
        assertEquals(
                "Fri, 2 Jan 2026 03:04:05 GMT",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        SignedDate.parse("Fri, 02 Jan 2026 03:04:05 GMT").orElseThrow()));
    }
}
