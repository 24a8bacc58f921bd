package io.github.lbkit.http.internal.tls;

import io.github.lbkit.api.Address;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;

/**
 * The name of a server in TLS: what its certificate must be valid for, and what is sent to it. Immutable.
 *
 * @param host the name or the IP address, without a zone
 * @param indication the name to send (SNI); empty for an IP address, which RFC 6066 does not allow there
 */
record CertificateName(String host, List<SNIServerName> indication) {
    /** The attribute of an address with the name of its host, if that differs from where it is connected. */
    private static final String HOST = "host";

    /**
     * Returns the name of an address: its attribute {@code sni}, else its attribute {@code host}, else its host.
     *
     * @throws IllegalArgumentException if it is no name that a certificate can be valid for
     */
    static CertificateName of(Address address) {
        Map<String, String> attributes = address.attributes();
        String given = attributes.getOrDefault(Address.SNI, attributes.getOrDefault(HOST, address.host()));
        if (isIpAddress(given)) {
            int zone = given.indexOf('%');
            return new CertificateName(zone < 0 ? given : given.substring(0, zone), List.of());
        }
        String name = given.endsWith(".") ? given.substring(0, given.length() - 1) : given;
        try {
            return new CertificateName(name, List.of(new SNIHostName(name)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "server " + address + " has no name that a certificate can be valid for: '" + name
                            + "'; set its attribute " + Address.SNI + " to the name in its certificate",
                    e);
        }
    }

    /** Returns whether a host is an IP address; no name has a colon, or a digit at the end (RFC 3696, section 2). */
    private static boolean isIpAddress(String host) {
        int dot = host.lastIndexOf('.');
        return host.indexOf(':') >= 0
                || (!host.isEmpty() && host.substring(dot + 1).chars().allMatch(c -> c >= '0' && c <= '9') && dot >= 0);
    }
}
