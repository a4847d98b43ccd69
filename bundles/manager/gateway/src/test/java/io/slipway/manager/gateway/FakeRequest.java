package io.slipway.manager.gateway;

import io.slipway.lib.http.Request;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A request without a server.
 *
 * @param method its method
 * @param target its target
 * @param headers by lower-case name
 * @param peer where it comes from
 */
record FakeRequest(String method, String target, Map<String, String> headers, String peer) implements Request {

    FakeRequest with(String name, String value) {
        var changed = new HashMap<>(headers);
        changed.put(name.toLowerCase(Locale.ROOT), value);
        return new FakeRequest(method, target, Map.copyOf(changed), peer);
    }

    FakeRequest without(String name) {
        var changed = new HashMap<>(headers);
        changed.remove(name.toLowerCase(Locale.ROOT));
        return new FakeRequest(method, target, Map.copyOf(changed), peer);
    }

    FakeRequest at(String otherMethod, String otherTarget) {
        return new FakeRequest(otherMethod, otherTarget, headers, peer);
    }

    FakeRequest from(String otherPeer) {
        return new FakeRequest(method, target, headers, otherPeer);
    }

    /** Returns what is signed, put together here once more. */
    String text() {
        return String.join(
                "\n",
                method,
                target,
                header("Date").or(() -> header("X-Sorna-Date")).orElse(""),
                "host:" + host(),
                "content-type:" + header("Content-Type").orElse("application/octet-stream"),
                "x-backendai-version:" + header("X-BackendAI-Version").orElse(""),
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    @Override
    public String path() {
        return target;
    }

    @Override
    public String rawQuery() {
        return "";
    }

    @Override
    public String host() {
        return headers.getOrDefault("host", "");
    }

    @Override
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT))).map(text -> text.split("\n", -1)[0]);
    }

    /** A line feed, which no header has, stands between those of one name. */
    @Override
    public List<String> headers(String name) {
        return List.of(headers.getOrDefault(name.toLowerCase(Locale.ROOT), "").split("\n", -1));
    }

    @Override
    public boolean wantsWebSocket() {
        return false;
    }

    @Override
    public boolean isServerStopping() {
        return false;
    }

    @Override
    public boolean hasBody() {
        return false;
    }

    @Override
    public byte[] body() {
        return new byte[0];
    }

    @Override
    public InputStream bodyStream() {
        return new ByteArrayInputStream(new byte[0]);
    }
}
