package io.slipway.manager.callbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetsTest {

    private final Targets open = new Targets(List.of("public"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.1.2.3",
                "172.31.0.1",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "0.0.0.0",
                "224.0.0.1",
                "255.255.255.255",
                "::1",
                "::",
                "fe80::1",
                "fd00::1",
                "ff02::1",
                "64:ff9b::a00:1",
                "2002:a00:1::",
                "2001::1",
                "::ffff:10.0.0.1"
            })
    void callsNothingInsideByDefault(String address) {
        assertFalse(open.allows(address, InetAddress.ofLiteral(address)));
        assertFalse(open.allows("rebinds.example.org", InetAddress.ofLiteral(address)));
        var host = address.contains(":") ? "[" + address + "]" : address;
        assertTrue(open.objection("http://" + host + "/x").isPresent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"public", "PUBLIC", "public."})
    void aHostThatIsCalledPublicIsNotNamedByThat(String host) {
        assertFalse(open.allows(host, InetAddress.ofLiteral("10.1.2.3")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"8.8.8.8", "172.32.0.1", "2606:4700::1111"})
    void callsTheInternetByDefault(String address) {
        assertTrue(open.allows("ci.example.org", InetAddress.ofLiteral(address)));
    }

    @Test
    void callsWhomTheOperatorNames() {
        var some = new Targets(List.of("Receiver.example.org", "*.ci.example.org", "10.20.0.0/16", "127.0.0.1"));
        var inside = InetAddress.ofLiteral("192.168.1.1");

        assertTrue(some.allows("receiver.EXAMPLE.org", inside));
        assertTrue(some.allows("receiver.example.org.", inside));
        assertTrue(some.allows("a.ci.example.org", inside));
        assertFalse(some.allows("ci.example.org", inside));
        assertFalse(some.allows("badci.example.org", inside));
        assertTrue(some.allows("any", InetAddress.ofLiteral("10.20.3.4")));
        assertFalse(some.allows("any", InetAddress.ofLiteral("10.21.0.1")));
        assertFalse(some.allows("any", InetAddress.ofLiteral("8.8.8.8")), "the internet was not named");
        assertEquals(
                List.of(), some.objection("http://127.0.0.1:8080/x").stream().toList());
        assertTrue(new Targets(List.of("*")).allows("any", inside));
        assertTrue(new Targets(List.of()).objection("http://example.org/").isPresent());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "oops",
                "/path",
                "ftp://example.org/",
                "file:///etc/passwd",
                "http:///x",
                "http://user:secret@example.org/",
                "http://exa mple.org/",
                "http://localhost/x",
                "http://a.localhost:80/"
            })
    void refusesWhatIsNoAddressOfAWebServer(String url) {
        assertTrue(open.objection(url).isPresent(), url);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://example.org", "HTTPS://example.org:8443/a?b=c", "http://8.8.8.8/"})
    void takesAddressesOfWebServers(String url) {
        assertEquals(List.of(), open.objection(url).stream().toList());
    }

    @Test
    void refusesASettingThatIsNoNetwork() {
        assertThrows(IllegalArgumentException.class, () -> new Targets(List.of("10.0.0.0/99")));
    }
}
