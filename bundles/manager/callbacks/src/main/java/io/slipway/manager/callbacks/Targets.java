package io.slipway.manager.callbacks;

import io.slipway.model.setting.IpNetwork;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Whom this server may call: a user who could make it call anybody would reach what only the server can. */
final class Targets {

    private static final String ALL = "*";
    private static final String PUBLIC = "public";
    private static final String ANY_BELOW = "*.";
    /** What the registries set aside for other things than hosts of the internet; IPv6 is public within 2000::/3 only. */
    private static final List<IpNetwork> SPECIAL = networks(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "3fff::/20");

    private static final IpNetwork PUBLIC_IPV6 = networks("2000::/3").getFirst();

    private final Set<String> names = new HashSet<>();
    private final boolean isInternetAllowed;
    private final List<IpNetwork> networks;

    Targets(List<String> allowed) {
        allowed.forEach(entry -> names.add(entry.toLowerCase(Locale.ROOT)));
        isInternetAllowed = names.remove(PUBLIC); // a host of that name is none that was named
        networks = allowed.stream()
                .flatMap(entry -> IpNetwork.parse(entry).stream())
                .toList();
        for (var entry : allowed) {
            if (entry.contains("/") && IpNetwork.parse(entry).isEmpty()) {
                throw new IllegalArgumentException("allowedHosts: '" + entry + "' is no network such as 10.0.0.0/8");
            }
        }
    }

    private static List<IpNetwork> networks(String... texts) {
        return Stream.of(texts).map(text -> IpNetwork.parse(text).orElseThrow()).toList();
    }

    /** Returns what is wrong with an address, as far as its text tells. */
    Optional<String> objection(String url) {
        URI target;
        try {
            target = new URI(url);
        } catch (URISyntaxException e) {
            return Optional.of("is no URL");
        }
        var scheme = target.getScheme();
        var host = target.getHost();
        if (host == null || !("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))) {
            return Optional.of("must be the http or https URL of a web server");
        }
        if (target.getRawUserInfo() != null) {
            return Optional.of("must not have a user name in it");
        }
        return mayBeCalled(host)
                ? Optional.empty()
                : Optional.of("this server may not call that host; its operator names hosts in allowedHosts of"
                        + " etc/io.slipway.manager.callbacks.cfg");
    }

    private boolean mayBeCalled(String host) {
        try {
            return allows(host, InetAddress.ofLiteral(bare(host)));
        } catch (IllegalArgumentException e) {
            // a name: its addresses are looked at when it is called
            var isOwn = bare(host).equals("localhost") || bare(host).endsWith(".localhost");
            return isNamed(host) || (!isOwn && (isInternetAllowed || !networks.isEmpty()));
        }
    }

    /** Returns whether a host may be called at one of its addresses. */
    boolean allows(String host, InetAddress address) {
        var text = address.getHostAddress();
        return isNamed(host)
                || networks.stream().anyMatch(network -> network.contains(text))
                || (isInternetAllowed && isPublic(address));
    }

    private boolean isNamed(String host) {
        var name = bare(host);
        return names.contains(ALL)
                || names.contains(name)
                || names.stream().anyMatch(entry -> entry.startsWith(ANY_BELOW) && name.endsWith(entry.substring(1)));
    }

    private static boolean isPublic(InetAddress address) {
        var text = address.getHostAddress();
        var isIpv4 = address.getAddress().length == 4;
        return (isIpv4 || PUBLIC_IPV6.contains(text)) && SPECIAL.stream().noneMatch(network -> network.contains(text));
    }

    private static String bare(String host) {
        var name = host.toLowerCase(Locale.ROOT);
        if (name.startsWith("[") && name.endsWith("]")) {
            return name.substring(1, name.length() - 1);
        }
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
