package io.github.lbkit.http.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

/** Laws of the reader of client hellos, for the JDK's own messages and for hostile ones. */
class ClientHelloTest {
    private static final int HEADER = 5;
    private static final byte[] HELLO = hello("Shop.example", "h2", "http/1.1");

    @Example
    void name_and_protocols_are_read() {
        ClientHello read = read(HELLO);

        assertThat(read).isEqualTo(new ClientHello("shop.example", List.of("h2", "http/1.1")));
    }

    @Example
    void a_message_without_a_name_has_none() {
        assertThat(read(hello(null))).isEqualTo(new ClientHello(null, List.of()));
    }

    @Property(tries = 300)
    void a_part_of_a_message_is_incomplete(@ForAll @IntRange(min = 0, max = 10_000) int length) {
        byte[] part = Arrays.copyOf(HELLO, length % HELLO.length);

        assertThat(read(part)).isNull();
    }

    @Property(tries = 200)
    void a_message_may_be_spread_over_records_of_any_length(@ForAll @IntRange(min = 1, max = 700) int fragment) {
        byte[] spread = spread(HELLO, fragment);

        assertThat(read(spread)).isEqualTo(read(HELLO));
    }

    @Property(tries = 2000)
    void changed_bytes_never_break_the_reader(@ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int changes) {
        Random random = new Random(seed);
        byte[] changed = HELLO.clone();
        for (int i = 0; i < changes; i++) {
            changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
        }

        assertIsSafe(read(changed));
    }

    @Property(tries = 1000)
    void any_bytes_in_records_never_break_the_reader(
            @ForAll @Size(max = 400) byte[] bytes, @ForAll @IntRange(min = 1, max = 100) int fragment) {
        byte[] message = new byte[4 + bytes.length];
        message[0] = 1;
        message[2] = (byte) (bytes.length >> 8);
        message[3] = (byte) bytes.length;
        System.arraycopy(bytes, 0, message, 4, bytes.length);

        assertIsSafe(read(spread(record(message), fragment)));
    }

    @Example
    void a_message_of_more_than_the_limit_is_unreadable_at_once() {
        byte[] start = {22, 3, 1, 0, 4, 1, 0, 0x40, 1};

        assertThat(read(start)).isSameAs(ClientHello.UNREADABLE);
    }

    @Example
    void empty_records_and_other_messages_are_unreadable() {
        assertThat(read(new byte[] {22, 3, 1, 0, 0})).isSameAs(ClientHello.UNREADABLE);
        assertThat(read(new byte[] {23, 3, 1, 0, 1, 0})).isSameAs(ClientHello.UNREADABLE);
        assertThat(read(new byte[] {22, 3, 1, 0, 1, 2})).isSameAs(ClientHello.UNREADABLE);
        assertThat(read(new byte[] {22, 2, 1, 0, 1, 1})).isSameAs(ClientHello.UNREADABLE);
    }

    private static void assertIsSafe(@Nullable ClientHello read) {
        String name = read == null ? null : read.serverName();
        if (name != null) {
            assertThat(name).matches("[a-z0-9._-]{1,255}");
        }
    }

    private static @Nullable ClientHello read(byte[] bytes) {
        byte[] within = new byte[bytes.length + 20]; // reading past the end would meet zeros, not an exception
        Arrays.fill(within, (byte) 22);
        System.arraycopy(bytes, 0, within, 7, bytes.length);
        return ClientHello.read(within, 7, 7 + bytes.length);
    }

    private static byte[] record(byte[] message) {
        byte[] record = new byte[HEADER + message.length];
        record[0] = 22;
        record[1] = 3;
        record[2] = 1;
        record[3] = (byte) (message.length >> 8);
        record[4] = (byte) message.length;
        System.arraycopy(message, 0, record, HEADER, message.length);
        return record;
    }

    /** Spreads the message of one record over records with at most this many bytes of it. */
    private static byte[] spread(byte[] record, int fragment) {
        ByteBuffer out = ByteBuffer.allocate(record.length * (HEADER + 1));
        for (int at = HEADER; at < record.length; at += fragment) {
            out.put(record(Arrays.copyOfRange(record, at, Math.min(record.length, at + fragment))));
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    private static byte[] hello(@Nullable String name, String... protocols) {
        try {
            SSLEngine engine = SSLContext.getDefault().createSSLEngine();
            engine.setUseClientMode(true);
            SSLParameters parameters = engine.getSSLParameters();
            if (name != null) {
                parameters.setServerNames(List.of(new SNIHostName(name)));
            }
            parameters.setApplicationProtocols(protocols);
            engine.setSSLParameters(parameters);
            ByteBuffer out = ByteBuffer.allocate(RecordBuffers.MAX_RECORD);
            engine.wrap(ByteBuffer.allocate(0), out);
            return Arrays.copyOf(out.array(), out.position());
        } catch (java.security.GeneralSecurityException | javax.net.ssl.SSLException e) {
            throw new AssertionError(e);
        }
    }
}
