package io.github.lbkit.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.http.fixture.ShortTimeouts;
import io.github.lbkit.http.fixture.UpgradeServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Tunnels with random bytes in random chunks, whose sides read at random speeds and end their directions in either
 * order. Both sides must receive exactly what the other has sent. Failures show the seed.
 */
class TunnelFuzzTest {
    private static final long SEED = 20_261_129;
    private static final int TUNNELS = 96;
    private static final int AT_ONCE = 6;
    private static final int LONGEST = 400_000;

    @Test
    void both_sides_receive_what_the_other_side_has_sent() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "tunnel-fuzz");
            thread.setDaemon(true);
            return thread;
        });
        try (UpgradeServer server = new UpgradeServer();
                ProxyFixture fixture = ProxyFixture.at(
                        b -> b.timeouts(ShortTimeouts.allLong().build()).maxBuffered(1 << 20), server.address())) {
            for (int first = 0; first < TUNNELS; first += AT_ONCE) {
                CompletableFuture<?>[] rounds = new CompletableFuture<?>[AT_ONCE];
                for (int i = 0; i < AT_ONCE; i++) {
                    rounds[i] = begin(SEED + first + i, fixture, server, threads);
                }
                CompletableFuture.allOf(rounds).get(20, TimeUnit.SECONDS);
            }
            fixture.awaitNothingInFlight();
            assertThat(fixture.outcomes).hasSize(TUNNELS).containsOnly("s1 succeeded");
            assertThat(fixture.proxy.bufferedBytes()).isZero();
        } finally {
            threads.shutdownNow();
        }
    }

    private static CompletableFuture<Void> begin(
            long seed, ProxyFixture fixture, UpgradeServer server, ExecutorService threads) throws IOException {
        Random random = new Random(seed);
        byte[] up = bytes(random);
        byte[] down = bytes(random);
        int early = Math.min(up.length, random.nextInt(3) * random.nextInt(5_000));
        int withSwitch = Math.min(down.length, random.nextInt(3) * random.nextInt(5_000));
        RawClient client = random.nextBoolean() ? fixture.client() : RawClient.slow(fixture.proxy);
        client.send(UpgradeServer.REQUEST).send(slice(up, 0, early));
        RawClient far = server.awaitRequest();
        far.send(joined(UpgradeServer.SWITCH, slice(down, 0, withSwitch)));
        assertThat(client.read().status()).isEqualTo(101);
        boolean clientWaits = random.nextInt(4) == 0;
        boolean serverWaits = !clientWaits && random.nextInt(3) == 0;
        long[] seeds = random.longs(4).toArray();
        CompletableFuture<byte[]> atServer = read(far, seeds[0], threads);
        CompletableFuture<byte[]> atClient = read(client, seeds[1], threads);
        CompletableFuture<?> none = CompletableFuture.completedFuture(null);
        CompletableFuture<Void> sentUp =
                send(client, slice(up, early, up.length), seeds[2], clientWaits ? atClient : none, threads);
        CompletableFuture<Void> sentDown =
                send(far, slice(down, withSwitch, down.length), seeds[3], serverWaits ? atServer : none, threads);
        return CompletableFuture.allOf(sentUp, sentDown, atServer, atClient).thenRun(() -> {
            assertThat(atServer.join()).as("at the server, seed " + seed).isEqualTo(up);
            assertThat(atClient.join()).as("at the client, seed " + seed).isEqualTo(down);
            client.close();
            far.close();
        });
    }

    private static byte[] bytes(Random random) {
        byte[] bytes = new byte[random.nextInt(8) == 0 ? 0 : random.nextInt(1 + random.nextInt(LONGEST))];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] slice(byte[] bytes, int from, int to) {
        return java.util.Arrays.copyOfRange(bytes, from, to);
    }

    private static byte[] joined(String text, byte[] bytes) {
        byte[] head = text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        byte[] both = java.util.Arrays.copyOf(head, head.length + bytes.length);
        System.arraycopy(bytes, 0, both, head.length, bytes.length);
        return both;
    }

    /** Sends the bytes in random chunks, and ends the direction, after the other direction if so chosen. */
    private static CompletableFuture<Void> send(
            RawClient to, byte[] bytes, long seed, CompletableFuture<?> endsAfter, ExecutorService threads) {
        Random random = new Random(seed);
        return CompletableFuture.runAsync(
                () -> {
                    for (int at = 0; at < bytes.length; ) {
                        int length = Math.min(bytes.length - at, 1 + random.nextInt(1 + random.nextInt(60_000)));
                        to.send(slice(bytes, at, at + length));
                        at += length;
                    }
                    endsAfter.join();
                    to.halfClose();
                },
                threads);
    }

    private static CompletableFuture<byte[]> read(RawClient from, long seed, ExecutorService threads) {
        Random random = new Random(seed);
        Supplier<byte[]> reading = () -> {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            InputStream in = from.in();
            byte[] buffer = new byte[1 + random.nextInt(40_000)];
            try {
                for (int n; (n = in.read(buffer, 0, 1 + random.nextInt(buffer.length))) >= 0; ) {
                    all.write(buffer, 0, n);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("seed " + seed, e);
            }
            return all.toByteArray();
        };
        return CompletableFuture.supplyAsync(reading, threads);
    }
}
