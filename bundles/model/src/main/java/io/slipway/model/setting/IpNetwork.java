package io.slipway.model.setting;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Optional;

/**
 * A range of addresses.
 *
 * @param prefix the bits that all have in common
 * @param bits how many those are
 * @param length how many bits an address has, 32 or 128
 */
public record IpNetwork(BigInteger prefix, int bits, int length) {

    /**
     * Reads an address or a range such as {@code 10.0.0.0/8}. Looks no name up.
     *
     * @param text one address or range
     * @return the range, of one address if there is no {@code /}; empty if the text is neither
     */
    public static Optional<IpNetwork> parse(String text) {
        var slash = text.indexOf('/');
        var address = bytes(slash < 0 ? text.strip() : text.substring(0, slash).strip());
        if (address.isEmpty()) {
            return Optional.empty();
        }
        var length = address.get().length * Byte.SIZE;
        try {
            var bits = slash < 0
                    ? length
                    : Integer.parseInt(text.substring(slash + 1).strip());
            if (bits < 0 || bits > length) {
                return Optional.empty();
            }
            return Optional.of(new IpNetwork(number(address.get()).shiftRight(length - bits), bits, length));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /**
     * Returns whether an address is within.
     *
     * @param address IPv4 or IPv6, with or without brackets; anything else is in no range
     */
    public boolean contains(String address) {
        return bytes(address)
                .filter(octets -> octets.length * Byte.SIZE == length)
                .filter(octets -> number(octets).shiftRight(length - bits).equals(prefix))
                .isPresent();
    }

    private static Optional<byte[]> bytes(String address) {
        var bare =
                address.startsWith("[") && address.endsWith("]") ? address.substring(1, address.length() - 1) : address;
        try {
            // mapped IPv4 addresses come out as IPv4
            return Optional.of(InetAddress.ofLiteral(bare).getAddress());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static BigInteger number(byte[] octets) {
        return new BigInteger(1, octets);
    }
}
