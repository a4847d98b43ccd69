package io.slipway.manager.gateway;

import io.slipway.lib.http.Request;
import io.slipway.model.setting.IpNetwork;
import java.util.List;
import java.util.Optional;

/**
 * Where a request comes from: the other end of the connection, or, if that is a proxy that we trust, the last address in
 * {@code X-Forwarded-For} that is not. Anybody else could write there what they like.
 */
final class ClientAddress {

    private final List<IpNetwork> trustedProxies;

    ClientAddress(List<IpNetwork> trustedProxies) {
        this.trustedProxies = List.copyOf(trustedProxies);
    }

    /** Returns whether a request comes from one of some networks; malformed ones admit nobody. */
    boolean isAllowed(Request request, List<String> networks) {
        var client = client(request);
        return networks.stream()
                .map(IpNetwork::parse)
                .flatMap(Optional::stream)
                .anyMatch(network -> network.contains(client));
    }

    private String client(Request request) {
        var peer = request.peer();
        // a proxy may add a line of its own below what the client wrote: together they are one list
        var forwarded = String.join(",", request.headers("X-Forwarded-For"));
        if (forwarded.isBlank() || !isTrusted(peer)) {
            return peer;
        }
        var hops = forwarded.split(",", -1);
        for (var i = hops.length - 1; i >= 0; i--) {
            var hop = hops[i].strip();
            if (!isTrusted(hop)) {
                return hop;
            }
        }
        return hops[0].strip();
    }

    private boolean isTrusted(String address) {
        return trustedProxies.stream().anyMatch(network -> network.contains(address));
    }
}
