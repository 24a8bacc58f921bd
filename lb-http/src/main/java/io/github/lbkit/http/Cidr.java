package io.github.lbkit.http;

import io.github.lbkit.http.internal.peer.IpText;
import java.net.InetAddress;

/**
 * A network of IP addresses: an address and the number of leading bits that all addresses of the network share.
 * Immutable.
 *
 * @param network the first address of the network; the bits after the prefix are zero
 * @param prefix the number of shared bits, 0 to 32 for IPv4, 0 to 128 for IPv6
 */
public record Cidr(InetAddress network, int prefix) {
    /** Checks that the prefix is within the address, and that no bit after it is set. */
    public Cidr {
        byte[] bytes = network.getAddress();
        if (prefix < 0 || prefix > 8 * bytes.length) {
            throw new IllegalArgumentException(
                    "prefix " + prefix + " of " + IpText.of(network) + " is not within 0 to " + 8 * bytes.length);
        }
        for (int bit = prefix; bit < 8 * bytes.length; bit++) {
            if (isSet(bytes, bit)) {
                throw new IllegalArgumentException("network " + IpText.of(network) + "/" + prefix
                        + " has bits after its prefix; for a single address, omit the /" + prefix);
            }
        }
    }

    /**
     * Returns the network of a text such as {@code 10.0.0.0/8} or {@code fd00::/8}. A single address is a network of
     * one address.
     *
     * @throws IllegalArgumentException if the text is not a network
     */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        InetAddress network = IpText.parse(slash < 0 ? text : text.substring(0, slash));
        String bits = slash < 0 ? "" : text.substring(slash + 1);
        if (network == null || (slash >= 0 && !bits.matches("[0-9]{1,3}"))) {
            throw new IllegalArgumentException("network '" + text.replaceAll("[^!-~]", "?")
                    + "' is not an IP address, or one with a prefix, such as 10.0.0.0/8 or fd00::/8");
        }
        return new Cidr(network, slash < 0 ? 8 * network.getAddress().length : Integer.parseInt(bits));
    }

    /** Returns whether the address is in this network. An IPv4 network contains no IPv6 address, and the reverse. */
    public boolean contains(InetAddress address) {
        byte[] ours = network.getAddress();
        byte[] theirs = address.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        int whole = prefix / 8;
        for (int i = 0; i < whole; i++) {
            if (ours[i] != theirs[i]) {
                return false;
            }
        }
        int rest = prefix % 8;
        return rest == 0 || ((ours[whole] ^ theirs[whole]) & 0xff) >>> (8 - rest) == 0;
    }

    private static boolean isSet(byte[] bytes, int bit) {
        return (bytes[bit / 8] & (0x80 >> bit % 8)) != 0;
    }

    /** Returns the network in the form that {@link #parse} accepts. */
    @Override
    public String toString() {
        return IpText.of(network) + "/" + prefix;
    }
}
