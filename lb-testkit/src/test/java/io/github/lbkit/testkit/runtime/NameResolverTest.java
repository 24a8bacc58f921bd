package io.github.lbkit.testkit.runtime;

import static io.github.lbkit.testkit.fixture.ResolverFixture.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.runtime.NameResolver;
import io.github.lbkit.api.runtime.NameResolver.Caching;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.testkit.fixture.ResolverFixture;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NameResolverTest {
    private static final Duration LONG_AGO = Duration.ofHours(1);
    private static final List<InetAddress> ONE = List.of(ip("10.0.0.1"));
    private static final List<InetAddress> TWO = List.of(ip("10.0.0.2"));

    private ResolverFixture stage = new ResolverFixture();

    @AfterEach
    void closeTheStage() {
        stage.close();
        stage.close();
        assertThat(stage.lanes).isEmpty();
    }

    private void use(Caching settings) {
        stage.close();
        stage = new ResolverFixture(settings);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "10.200.3.4", "0.0.0.0", "::1", "fe80::1", "2001:db8::7", "::ffff:1.2.3.4"})
    void an_address_in_text_form_is_its_own_answer_and_never_looked_up(String host) throws Exception {
        assertThat(stage.ask(host)).isCompletedWithValue(List.of(InetAddress.getByName(host)));
        assertThat(NameResolver.literal(host)).contains(InetAddress.getByName(host));
        assertThat(stage.underWay()).isZero();
        assertThat(stage.lanes).isEmpty();
    }

    @Test
    void an_ipv6_address_may_have_a_zone() {
        Inet6Address scoped = (Inet6Address) stage.ask("fe80::1%1").join().get(0);

        assertThat(scoped.getScopeId()).isEqualTo(1);
        assertThat(stage.underWay()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1:2", "fe80::1%no-such-interface", ":", "[::1", "12345::1", "a:80"})
    void a_host_with_a_colon_that_is_no_address_fails_at_once_and_says_so(String host) {
        assertThatThrownBy(() -> stage.ask(host).join())
                .hasCauseInstanceOf(UnknownHostException.class)
                .hasMessageContaining("'" + host + "' is not an IPv6 address");
        assertThat(NameResolver.literal(host)).isEmpty();
        assertThat(stage.underWay()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "1.2.3",
                "1.2.3.256",
                "1.2.3.4.5",
                "01.2.3.x",
                "1..2.3",
                "1234.1.1.1",
                "1.2.3.4.",
                "."
            })
    void everything_else_is_a_name(String host) {
        stage.zone.put(host, ONE);

        assertThat(stage.answerOf(host)).isEqualTo(ONE);
        assertThat(stage.lookups).containsExactly(host);
    }

    @Test
    void all_addresses_are_the_answer_with_the_families_alternating_and_none_twice() {
        List<InetAddress> found = List.of(
                ip("10.0.0.1"), ip("10.0.0.2"), ip("10.0.0.1"), ip("10.0.0.3"), ip("2001:db8::1"), ip("2001:db8::2"));
        stage.zone.put("shop.test", found);

        assertThat(stage.answerOf("shop.test"))
                .containsExactly(ip("10.0.0.1"), ip("2001:db8::1"), ip("10.0.0.2"), ip("2001:db8::2"), ip("10.0.0.3"));
    }

    @Test
    void calls_for_one_name_share_one_look_up_whatever_its_case() {
        stage.zone.put("shop.test", ONE);
        CompletableFuture<List<InetAddress>> first = stage.ask("shop.test");
        CompletableFuture<List<InetAddress>> second = stage.ask("Shop.TEST");
        assertThat(first).isNotDone();

        stage.endLookups();

        assertThat(first).isCompletedWithValue(ONE);
        assertThat(second).isCompletedWithValue(ONE);
        assertThat(stage.lookups).containsExactly("shop.test");
    }

    @Test
    void a_call_that_its_caller_completes_changes_no_other() {
        stage.zone.put("shop.test", ONE);
        stage.ask("shop.test").complete(TWO);

        assertThat(stage.answerOf("shop.test")).isEqualTo(ONE);
        stage.ask("shop.test").obtrudeValue(TWO);
        assertThat(stage.ask("shop.test")).isCompletedWithValue(ONE);
    }

    @Test
    void an_answer_is_kept_for_five_seconds_and_then_renewed_while_calls_get_the_last_answer() {
        stage.zone.put("shop.test", ONE);
        stage.answerOf("shop.test");
        stage.zone.put("shop.test", TWO);
        stage.pass(Duration.ofMillis(4_999));
        assertThat(stage.ask("shop.test")).isCompletedWithValue(ONE);
        assertThat(stage.underWay()).isZero();

        stage.pass(Duration.ofMillis(1));

        assertThat(stage.ask("shop.test")).isCompletedWithValue(ONE);
        assertThat(stage.underWay()).isOne();
        stage.endLookups();
        assertThat(stage.ask("shop.test")).isCompletedWithValue(TWO);
    }

    @Test
    void after_a_minute_a_call_waits_for_the_new_answer_but_not_longer_than_250_ms() {
        stage.zone.put("shop.test", ONE);
        stage.answerOf("shop.test");
        stage.zone.put("shop.test", TWO);

        stage.pass(LONG_AGO);
        CompletableFuture<List<InetAddress>> renewed = stage.ask("shop.test");
        assertThat(renewed).isNotDone();
        stage.endLookups();
        assertThat(renewed).isCompletedWithValue(TWO);

        stage.pass(LONG_AGO);
        CompletableFuture<List<InetAddress>> late = stage.ask("shop.test");
        stage.pass(Duration.ofMillis(250));
        assertThat(late).isCompletedWithValue(TWO);
        assertThat(stage.ask("shop.test")).isCompletedWithValue(TWO);
        stage.endLookups();
    }

    @Test
    void while_look_ups_fail_hang_or_break_the_last_good_answer_stays() {
        stage.zone.put("shop.test", ONE);
        stage.answerOf("shop.test");
        stage.zone.clear();
        for (int i = 0; i < 100; i++) {
            stage.pass(Duration.ofSeconds(7));
            assertThat(stage.answerOf("shop.test")).isEqualTo(ONE);
        }
        stage.broken.put("shop.test", new IllegalStateException("as a test wants it"));
        stage.pass(LONG_AGO);
        assertThat(stage.answerOf("shop.test")).isEqualTo(ONE);

        stage.pass(LONG_AGO);
        CompletableFuture<List<InetAddress>> last = stage.ask("shop.test");
        List<Runnable> hanging = stage.hang();
        stage.pass(LONG_AGO);

        assertThat(last).isCompletedWithValue(ONE);
        assertThat(stage.ask("shop.test")).isCompletedWithValue(ONE);
        assertThat(stage.underWay()).isZero();
        stage.broken.clear();
        stage.zone.put("shop.test", TWO);
        hanging.forEach(Runnable::run);
        assertThat(stage.ask("shop.test")).isCompletedWithValue(TWO);
    }

    @Test
    void an_answer_without_addresses_is_a_failure() {
        stage.zone.put("shop.test", ONE);
        stage.answerOf("shop.test");
        stage.zone.put("shop.test", List.of());
        stage.zone.put("new.test", List.of());

        stage.pass(Duration.ofSeconds(6));

        assertThat(stage.answerOf("shop.test")).isEqualTo(ONE);
        assertThatThrownBy(() -> stage.answerOf("new.test"))
                .hasMessageContaining("no address is known for host new.test: the name has no address");
    }

    @Test
    void a_name_that_never_had_an_answer_fails_with_the_reason_and_is_looked_up_again_after_a_second() {
        assertThatThrownBy(() -> stage.answerOf("shop.test"))
                .hasCauseInstanceOf(UnknownHostException.class)
                .hasMessageContaining("no address is known for host shop.test: unknown name");
        assertThat(stage.ask("shop.test")).isCompletedExceptionally();
        assertThat(stage.lookups).hasSize(1);
        stage.zone.put("shop.test", ONE);

        stage.pass(Duration.ofSeconds(1));

        assertThat(stage.answerOf("shop.test")).isEqualTo(ONE);
    }

    @Test
    void a_look_up_that_does_not_return_fails_its_calls_after_five_seconds_and_is_not_repeated() {
        CompletableFuture<List<InetAddress>> call = stage.ask("shop.test");
        List<Runnable> hanging = stage.hang();
        // the thread has begun the look-up, which does not return

        stage.pass(Duration.ofMillis(4_999));
        assertThat(call).isNotDone();
        stage.pass(Duration.ofMillis(1));

        assertThatThrownBy(call::join).hasMessageContaining("shop.test").hasMessageContaining("within 5000 ms");
        stage.pass(LONG_AGO);
        assertThat(stage.ask("shop.test")).isCompletedExceptionally();
        assertThat(stage.underWay()).isZero();
        stage.zone.put("shop.test", ONE);
        hanging.forEach(Runnable::run);
        assertThat(stage.ask("shop.test")).isCompletedWithValue(ONE);
    }

    @Test
    void names_that_hang_delay_no_other_name_until_all_threads_are_occupied() {
        use(Caching.DEFAULTS.withThreads(8));
        for (int i = 0; i < 7; i++) {
            assertThat(stage.ask("slow-" + i + ".test")).isNotDone();
        }
        List<Runnable> hanging = stage.hang();
        stage.zone.put("shop.test", ONE);
        stage.zone.put("more.test", TWO);

        assertThat(stage.answerOf("shop.test")).isEqualTo(ONE);
        assertThat(stage.answerOf("more.test")).isEqualTo(TWO);
        assertThat(stage.mostLanes).isEqualTo(8);
        hanging.forEach(Runnable::run);
    }

    @Test
    void when_all_threads_are_occupied_a_new_name_fails_and_says_why_and_a_known_name_keeps_its_answer() {
        use(Caching.DEFAULTS.withThreads(2));
        stage.zone.put("shop.test", ONE);
        stage.zone.put("new.test", TWO);
        stage.answerOf("shop.test");
        stage.pass(LONG_AGO);
        assertThat(stage.ask("slow-1.test")).isNotDone();
        assertThat(stage.ask("slow-2.test")).isNotDone();
        List<Runnable> hanging = stage.hang();

        CompletableFuture<List<InetAddress>> known = stage.ask("shop.test");
        CompletableFuture<List<InetAddress>> unknown = stage.ask("new.test");
        stage.pass(Duration.ofSeconds(5));

        assertThat(known).isCompletedWithValue(ONE);
        assertThatThrownBy(unknown::join)
                .hasMessageContaining("host new.test")
                .hasMessageContaining("look-ups of other names occupy all 2 threads");
        hanging.forEach(Runnable::run);
        stage.endLookups();
        assertThat(stage.ask("new.test")).isCompletedWithValue(TWO);
        assertThat(stage.mostLanes).isEqualTo(2);
    }

    @Test
    void refresh_gives_what_its_look_up_found_and_fails_when_that_fails() {
        stage.zone.put("shop.test", ONE);
        stage.answerOf("shop.test");
        stage.zone.put("shop.test", TWO);

        CompletableFuture<List<InetAddress>> renewed =
                stage.resolver.refresh("shop.test").toCompletableFuture();
        assertThat(renewed).isNotDone();
        stage.endLookups();
        assertThat(renewed).isCompletedWithValue(TWO);

        stage.zone.clear();
        CompletableFuture<List<InetAddress>> failed =
                stage.resolver.refresh("shop.test").toCompletableFuture();
        stage.endLookups();
        assertThat(failed).isCompletedExceptionally();
        assertThat(stage.ask("shop.test")).isCompletedWithValue(TWO);

        CompletableFuture<List<InetAddress>> late =
                stage.resolver.refresh("shop.test").toCompletableFuture();
        stage.pass(Duration.ofSeconds(5));
        assertThat(late).isCompletedExceptionally();
        assertThat(stage.resolver.refresh("127.0.0.1").toCompletableFuture())
                .isCompletedWithValue(List.of(ip("127.0.0.1")));
        stage.endLookups();
    }

    @Test
    void threads_end_after_ten_idle_seconds() {
        stage.zone.put("a.test", ONE);
        stage.zone.put("b.test", ONE);
        assertThat(stage.ask("a.test")).isNotDone();
        assertThat(stage.ask("b.test")).isNotDone();
        stage.endLookups();
        assertThat(stage.lanes).hasSize(2);

        stage.pass(Duration.ofSeconds(6));
        stage.answerOf("a.test");
        stage.pass(Duration.ofSeconds(6));
        assertThat(stage.lanes).hasSize(1);
        stage.pass(Duration.ofSeconds(6));

        assertThat(stage.lanes).isEmpty();
    }

    @Test
    void at_most_4096_names_are_remembered_and_those_in_use_stay() {
        stage.zone.put("used.test", ONE);
        stage.answerOf("used.test");
        for (int i = 0; i < 10_000; i++) {
            String name = "n" + i + ".test";
            stage.zone.put(name, TWO);
            stage.answerOf(name);
            assertThat(stage.ask("used.test")).isDone();
        }

        assertThat(stage.lookups).hasSize(10_001);
        stage.answerOf("n9999.test");
        assertThat(stage.lookups).hasSize(10_001);
        stage.answerOf("n0.test");
        assertThat(stage.lookups).hasSize(10_002);
    }

    @Test
    void closing_fails_what_waits_and_what_comes() {
        CompletableFuture<List<InetAddress>> waiting = stage.ask("shop.test");

        stage.close();

        assertThatThrownBy(waiting::join).hasMessageContaining("the name resolver is closed");
        assertThatThrownBy(() -> stage.ask("other.test").join()).hasMessageContaining("the name resolver is closed");
        assertThat(stage.ask("127.0.0.1")).isCompleted();
    }

    @Test
    void settings_out_of_range_are_refused_by_name() {
        assertThatThrownBy(() -> Caching.DEFAULTS.withThreads(0))
                .hasMessageContaining("threads 0 is not within 1 to 1024");
        assertThatThrownBy(() -> Caching.DEFAULTS.withFresh(Duration.ZERO)).hasMessageContaining("fresh PT0S");
        assertThatThrownBy(() -> Caching.DEFAULTS.withTimeout(Duration.ofSeconds(-1)))
                .hasMessageContaining("timeout PT-1S");
    }

    @Test
    void the_resolver_of_the_process_asks_the_jdk_and_outlives_a_close() throws Exception {
        NameResolver names = Runtimes.system().names();
        assertThat(names).isSameAs(NameResolver.system());
        names.close();

        List<InetAddress> found =
                names.resolve("localhost").toCompletableFuture().get(20, TimeUnit.SECONDS);

        assertThat(found).isNotEmpty().allMatch(InetAddress::isLoopbackAddress);
        assertThat(NameResolver.Lookup.system().addresses("localhost")).containsAll(found);
    }

    @Test
    void runtimes_have_the_resolver_that_they_are_given() {
        Runtimes runtimes = stage.time.asRuntimes().withNames(stage.resolver);

        assertThat(runtimes.names()).isSameAs(stage.resolver);
        runtimes.scheduler("any").execute(() -> stage.lookups.add("ran"));
        stage.time.runDue();
        assertThat(stage.lookups).containsExactly("ran");
    }
}
