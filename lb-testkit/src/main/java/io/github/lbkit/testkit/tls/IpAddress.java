package io.github.lbkit.testkit.tls;

/** The bytes of IP addresses: IPv4, and the loopback address of IPv6. Stateless. */
final class IpAddress {
    private static final int IPV6_BYTES = 16;

    private IpAddress() {}

    /** Returns the bytes of an address; empty for a name. */
    static byte[] parse(String text) {
        if (text.equals("::1")) {
            byte[] loopback = new byte[IPV6_BYTES];
            loopback[IPV6_BYTES - 1] = 1;
            return loopback;
        }
        if (!text.matches("[0-9]+(\\.[0-9]+){3}")) {
            return new byte[0];
        }
        String[] numbers = text.split("\\.", -1);
        byte[] bytes = new byte[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            bytes[i] = (byte) Integer.parseInt(numbers[i]);
        }
        return bytes;
    }
}
