package io.github.lbkit.http.internal.upstream;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** IP addresses that are written out, which no resolver needs to be asked for. Stateless. */
final class Literals {
    private Literals() {}

    /** The address that this host is, or null if it is a name. */
    static @Nullable InetAddress parse(String host) {
        try {
            if (host.indexOf(':') >= 0) {
                return InetAddress.getByName(host); // with a colon it is an address or an error, never a look-up
            }
            byte[] four = ipv4(host);
            return four == null ? null : InetAddress.getByAddress(host, four);
        } catch (UnknownHostException notAnAddress) {
            return null;
        }
    }

    private static byte @Nullable [] ipv4(String host) {
        String[] parts = host.split("\\.", -1);
        if (parts.length != 4) {
            return null;
        }
        byte[] four = new byte[4];
        for (int i = 0; i < 4; i++) {
            if (!parts[i].matches("[0-9]{1,3}") || Integer.parseInt(parts[i]) > 255) {
                return null;
            }
            four[i] = (byte) Integer.parseInt(parts[i]);
        }
        return four;
    }
}
