package io.github.lbkit.http.internal.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResolverTest {
    private final AtomicLong time = new AtomicLong();
    private final AtomicInteger lookups = new AtomicInteger();

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "10.200.3.4", "0.0.0.0", "::1", "fe80::1", "2001:db8::7"})
    void a_written_out_address_is_never_looked_up(String host) throws Exception {
        try (Resolver resolver = resolver(name -> {
            throw new AssertionError("looked up " + name);
        })) {
            CompletableFuture<Optional<InetSocketAddress>> answer = ask(resolver, host);

            assertThat(answer).isDone();
            assertThat(answer.get()).contains(new InetSocketAddress(InetAddress.getByName(host), 80));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "1.2.3", "1.2.3.256", "1.2.3.4.5", "01.2.3.x", "1..2.3", "1234.1.1.1"})
    void everything_else_is_a_name(String host) throws Exception {
        try (Resolver resolver = resolver(name -> InetAddress.getByAddress(new byte[] {10, 0, 0, 1}))) {
            assertThat(ask(resolver, host).get(20, TimeUnit.SECONDS)).isPresent();
            assertThat(lookups).hasValue(1);
        }
    }

    @Test
    void an_answer_is_kept_for_some_seconds_and_then_asked_for_again() throws Exception {
        try (Resolver resolver = resolver(name -> InetAddress.getByAddress(new byte[] {10, 0, 0, 1}))) {
            ask(resolver, "a.test").get(20, TimeUnit.SECONDS);
            assertThat(ask(resolver, "a.test")).isDone();
            assertThat(lookups).hasValue(1);

            time.addAndGet(TimeUnit.SECONDS.toNanos(6));

            ask(resolver, "a.test").get(20, TimeUnit.SECONDS);
            assertThat(lookups).hasValue(2);
        }
    }

    @Test
    void a_name_without_an_address_is_answered_with_nothing() throws Exception {
        try (Resolver resolver = resolver(name -> {
            throw new UnknownHostException(name);
        })) {
            assertThat(ask(resolver, "a.test").get(20, TimeUnit.SECONDS)).isEmpty();
        }
    }

    @Test
    void those_who_ask_meanwhile_share_one_lookup() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        try (Resolver resolver = resolver(name -> {
            awaitQuietly(gate);
            return InetAddress.getByAddress(new byte[] {10, 0, 0, 1});
        })) {
            CompletableFuture<Optional<InetSocketAddress>> first = ask(resolver, "a.test");
            CompletableFuture<Optional<InetSocketAddress>> second = ask(resolver, "a.test");
            assertThat(first).isNotDone();
            assertThat(second).isNotDone();

            gate.countDown();

            assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo(second.get(20, TimeUnit.SECONDS));
            assertThat(lookups).hasValue(1);
        }
    }

    private static void awaitQuietly(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Resolver resolver(Resolver.Lookup lookup) {
        return new Resolver("test", time::get, name -> {
            lookups.incrementAndGet();
            return lookup.address(name);
        });
    }

    private static CompletableFuture<Optional<InetSocketAddress>> ask(Resolver resolver, String host) {
        CompletableFuture<Optional<InetSocketAddress>> answer = new CompletableFuture<>();
        resolver.resolve(Address.of(host, 80), answer::complete);
        return answer;
    }
}
