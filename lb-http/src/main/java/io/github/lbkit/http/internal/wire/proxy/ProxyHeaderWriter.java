package io.github.lbkit.http.internal.wire.proxy;

import io.github.lbkit.http.ProxyProtocol;
import io.github.lbkit.http.internal.peer.IpText;
import io.github.lbkit.http.internal.wire.ByteSink;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A writer of PROXY headers. Stateless. */
public final class ProxyHeaderWriter {
    private static final byte[] V4_IN_V6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff};

    private ProxyHeaderWriter() {}

    /**
     * Returns a header.
     *
     * @param addresses the addresses of the client connection; null for a connection that the proxy opens for itself,
     *     such as a health probe, or whose client has no IP address
     */
    public static byte[] write(ProxyProtocol version, @Nullable ProxyAddresses addresses) {
        ByteSink out = new ByteSink(Version1Reader.MAX_LENGTH);
        switch (version) {
            case V1 -> putVersion1(addresses, out);
            case V2 -> putVersion2(addresses, out);
        }
        return Arrays.copyOf(out.array(), out.size());
    }

    private static void putVersion1(@Nullable ProxyAddresses addresses, ByteSink out) {
        if (addresses == null) {
            out.put("PROXY UNKNOWN").crlf();
            return;
        }
        boolean isV4 = isV4(addresses);
        out.put(isV4 ? "PROXY TCP4 " : "PROXY TCP6 ")
                .put(text(addresses.source().getAddress(), isV4))
                .put(" ")
                .put(text(addresses.destination().getAddress(), isV4))
                .put(" ")
                .putDecimal(addresses.source().getPort())
                .put(" ")
                .putDecimal(addresses.destination().getPort())
                .crlf();
    }

    private static void putVersion2(@Nullable ProxyAddresses addresses, ByteSink out) {
        out.put(Version2Reader.SIGNATURE.getBytes(StandardCharsets.ISO_8859_1));
        if (addresses == null) {
            out.put((byte) Version2Reader.LOCAL).put((byte) 0);
            putShort(0, out);
            return;
        }
        boolean isV4 = isV4(addresses);
        out.put((byte) Version2Reader.PROXY).put((byte) (isV4 ? Version2Reader.TCP4 : Version2Reader.TCP6));
        putShort(isV4 ? 12 : 36, out);
        putBytes(addresses.source().getAddress(), isV4, out);
        putBytes(addresses.destination().getAddress(), isV4, out);
        putShort(addresses.source().getPort(), out);
        putShort(addresses.destination().getPort(), out);
    }

    private static boolean isV4(ProxyAddresses addresses) {
        return addresses.source().getAddress() instanceof Inet4Address
                && addresses.destination().getAddress() instanceof Inet4Address;
    }

    private static String text(InetAddress address, boolean asV4) {
        String text = IpText.of(address);
        return address instanceof Inet4Address && !asV4 ? "::ffff:" + text : text;
    }

    private static void putBytes(InetAddress address, boolean asV4, ByteSink out) {
        if (address instanceof Inet4Address && !asV4) {
            out.put(V4_IN_V6);
        }
        out.put(address.getAddress());
    }

    private static void putShort(int value, ByteSink out) {
        out.put((byte) (value >> 8)).put((byte) value);
    }
}
