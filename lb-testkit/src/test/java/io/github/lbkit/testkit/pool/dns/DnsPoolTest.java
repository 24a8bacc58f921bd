package io.github.lbkit.testkit.pool.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolChangeRefusedException;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.pool.ServerPools;
import io.github.lbkit.api.pool.dns.DnsOptions;
import io.github.lbkit.api.pool.dns.DnsPool;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.runtime.NameResolver;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.testkit.Await;
import io.github.lbkit.testkit.ScriptedNames;
import io.github.lbkit.testkit.fixture.ResolverFixture;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DnsPoolTest {
    private static final Await AWAIT = Await.inRealTime();

    private final LoopbackDns dns;
    private final List<ServerPool> open = new ArrayList<>();

    DnsPoolTest() throws IOException {
        dns = new LoopbackDns();
    }

    @AfterEach
    void closeEverything() throws IOException {
        open.forEach(ServerPool::close);
        open.forEach(ServerPool::close);
        dns.close();
    }

    private static PoolContext context() {
        return new PoolContext("test", Runtimes.system(), Path.of("unused"));
    }

    private DnsPool pool(DnsOptions.Builder options) {
        DnsPool pool = DnsPool.open(
                context(),
                options.pollInterval(Duration.ofMillis(20)).drain(Duration.ZERO).build());
        open.add(pool);
        return pool;
    }

    private DnsOptions.Builder host() {
        return DnsOptions.host("shop.test", 8080).nameServer(dns.address()).timeout(Duration.ofSeconds(3));
    }

    private DnsOptions.Builder service() {
        return DnsOptions.service("_http._tcp.shop.test")
                .nameServer(dns.address())
                .timeout(Duration.ofSeconds(3));
    }

    private static List<String> ids(Membership membership) {
        return membership.servers().stream().map(Server::id).toList();
    }

    private static void awaitIds(ServerPool pool, String... ids) {
        AWAIT.until("servers " + List.of(ids), () -> ids(pool.membership()).equals(List.of(ids)));
    }

    @Test
    void servers_may_have_any_valid_scheme() {
        dns.set("shop.test", "A", "10.0.0.1");
        DnsPool pool = pool(host().scheme("Redis"));

        Server server = AWAIT.value(pool.ready()).servers().get(0);

        assertThat(server.instance().orElseThrow().address())
                .isEqualTo(new Address("10.0.0.1", 8080, Map.of("scheme", "redis")));
        assertThatThrownBy(() -> host().scheme("1st"))
                .hasMessage("scheme '1st' is not a letter and then letters, digits, '+', '-' or '.'");
    }

    @Test
    void every_address_is_a_server() {
        dns.set("shop.test", "A", "10.0.0.2", "10.0.0.1");
        dns.set("shop.test", "AAAA", "2001:db8::1");
        DnsPool pool = pool(host().scheme("https"));

        Membership membership = AWAIT.value(pool.ready());

        assertThat(ids(membership)).containsExactly("10.0.0.1:8080", "10.0.0.2:8080", "[2001:db8:0:0:0:0:0:1]:8080");
        Server first = membership.servers().get(0);
        assertThat(first.state()).isEqualTo(Server.State.READY);
        assertThat(first.weight()).isEqualTo(1);
        assertThat(first.instance().orElseThrow().address())
                .isEqualTo(new Address("10.0.0.1", 8080, Map.of("scheme", "https", "sni", "shop.test")));
    }

    @Test
    void only_the_wanted_family_is_asked_for() {
        dns.set("shop.test", "A", "10.0.0.1");
        dns.set("shop.test", "AAAA", "2001:db8::1");
        DnsPool pool = pool(host().family(DnsOptions.Family.IPV4));

        assertThat(ids(AWAIT.value(pool.ready()))).containsExactly("10.0.0.1:8080");
        assertThat(dns.asked).containsOnly("shop.test A");
    }

    @Test
    void the_resolver_of_the_machine_is_the_default() {
        DnsPool pool = pool(DnsOptions.host("127.0.0.1", 80));

        assertThat(ids(AWAIT.value(pool.ready()))).containsExactly("127.0.0.1:80");
    }

    @Test
    void the_resolver_of_the_runtimes_is_asked_at_each_look_and_its_last_answer_stays_while_it_fails() {
        ScriptedNames names = new ScriptedNames().set("shop.test", "10.0.0.2", "2001:db8::1");
        PoolContext context = new PoolContext("test", Runtimes.system().withNames(names), Path.of("unused"));
        DnsPool pool = DnsPool.open(
                context,
                DnsOptions.host("shop.test", 80)
                        .pollInterval(Duration.ofMillis(20))
                        .drain(Duration.ZERO)
                        .timeout(Duration.ofMillis(100))
                        .build());
        open.add(pool);
        assertThat(ids(AWAIT.value(pool.ready()))).containsExactly("10.0.0.2:80", "[2001:db8:0:0:0:0:0:1]:80");

        names.forget("shop.test");
        AWAIT.until("age without an answer", () -> pool.age().toMillis() > 300);
        names.hang("shop.test");
        AWAIT.until("age without an end of a look", () -> pool.age().toMillis() > 700);

        assertThat(ids(pool.membership())).containsExactly("10.0.0.2:80", "[2001:db8:0:0:0:0:0:1]:80");
    }

    @Test
    void a_cached_answer_keeps_its_age() {
        AtomicBoolean failing = new AtomicBoolean();
        try (NameResolver caching = NameResolver.caching(Runtimes.system(), NameResolver.Caching.DEFAULTS, name -> {
            if (failing.get()) {
                throw new UnknownHostException(name);
            }
            return List.of(ResolverFixture.ip("10.0.0.1"));
        })) {
            PoolContext context = new PoolContext("test", Runtimes.system().withNames(caching), Path.of("unused"));
            DnsPool pool = DnsPool.open(
                    context,
                    DnsOptions.host("shop.test", 80)
                            .pollInterval(Duration.ofMillis(20))
                            .build());
            open.add(pool);
            AWAIT.value(pool.ready());
            failing.set(true);

            AWAIT.until("age without an answer", () -> pool.age().toMillis() > 500);

            assertThat(ids(pool.membership())).containsExactly("10.0.0.1:80");
        }
    }

    @Test
    void a_name_server_may_have_a_name_and_several_addresses() {
        dns.set("shop.test", "A", "10.0.0.1");
        ScriptedNames names = new ScriptedNames().set("dns.test", "127.0.0.2", "127.0.0.1");
        PoolContext context = new PoolContext("test", Runtimes.system().withNames(names), Path.of("unused"));
        String port = dns.address().substring(dns.address().indexOf(':'));
        DnsPool pool = DnsPool.open(
                context,
                DnsOptions.host("shop.test", 80)
                        .nameServer("dns.test" + port)
                        .pollInterval(Duration.ofMillis(20))
                        .timeout(Duration.ofSeconds(3))
                        .build());
        open.add(pool);

        assertThat(ids(AWAIT.value(pool.ready()))).containsExactly("10.0.0.1:80");
        assertThat(names.lookups()).contains("dns.test");
    }

    @Test
    void changes_are_followed_and_instances_that_stay_are_kept() {
        dns.set("shop.test", "A", "10.0.0.1", "10.0.0.2");
        DnsPool pool = pool(host());
        Server kept = AWAIT.value(pool.ready()).server("10.0.0.2:8080").orElseThrow();

        dns.set("shop.test", "A", "10.0.0.3", "10.0.0.2");
        awaitIds(pool, "10.0.0.2:8080", "10.0.0.3:8080");

        assertThat(pool.membership().server("10.0.0.2:8080")).contains(kept);
        assertThat(pool.membership().version()).isEqualTo(2);
    }

    @Test
    void the_last_answer_is_kept_when_dns_fails_is_silent_or_has_no_address() {
        dns.set("shop.test", "A", "10.0.0.1");
        DnsPool pool = pool(host().timeout(Duration.ofMillis(300)));
        AWAIT.value(pool.ready());

        dns.mood = LoopbackDns.Mood.FAILING;
        awaitOld(pool);
        dns.mood = LoopbackDns.Mood.SILENT;
        awaitOld(pool);
        dns.mood = LoopbackDns.Mood.ANSWERING;
        dns.forget();
        awaitOld(pool);
        dns.set("shop.test", "A");
        awaitOld(pool);
        assertThat(ids(pool.membership())).containsExactly("10.0.0.1:8080");
        assertThat(pool.membership().version()).isEqualTo(1);
        dns.set("shop.test", "A", "10.0.0.2");

        awaitIds(pool, "10.0.0.2:8080");
        assertThat(pool.age()).isLessThan(Duration.ofSeconds(10));
    }

    /** Five more questions were asked, and none of them confirmed the membership. */
    private void awaitOld(DnsPool pool) {
        int before = dns.asked.size();
        AWAIT.until("more questions", () -> dns.asked.size() >= before + 5);
        assertThat(pool.age()).isGreaterThan(Duration.ofMillis(20));
    }

    @Test
    void nothing_is_known_before_the_first_answer() {
        DnsPool pool = pool(host());
        AWAIT.until("a question", () -> dns.asked.size() > 3);
        assertThat(pool.membership().isKnown()).isFalse();

        dns.set("shop.test", "A", "10.0.0.1");

        assertThat(ids(AWAIT.value(pool.ready()))).containsExactly("10.0.0.1:8080");
    }

    @Test
    void a_pool_that_is_closed_before_its_first_answer_says_so() {
        DnsPool pool = pool(host());

        pool.close();

        assertThatThrownBy(() -> AWAIT.value(pool.ready())).isInstanceOf(PoolChangeRefusedException.class);
    }

    @Test
    void srv_records_are_servers_with_their_weights() {
        dns.set("_http._tcp.shop.test", "SRV", "10 60 8081 s1.shop.test", "10 0 8082 s2.shop.test.");
        DnsPool pool = pool(service());

        Membership membership = AWAIT.value(pool.ready());

        assertThat(ids(membership)).containsExactly("s1.shop.test:8081", "s2.shop.test:8082");
        assertThat(membership.servers()).extracting(Server::weight).containsExactly(60, 1);
        assertThat(membership.servers().get(0).labels()).isEqualTo(Map.of(DnsPool.PRIORITY_LABEL, "10"));
        assertThat(membership.servers().get(0).instance().orElseThrow().address())
                .isEqualTo(Address.of("s1.shop.test", 8081));
    }

    @Test
    void only_the_lowest_priority_number_serves_and_the_next_takes_over_when_it_is_gone() {
        dns.set("_http._tcp.shop.test", "SRV", "20 5 80 b.test", "10 5 80 a.test");
        DnsPool pool = pool(service());
        assertThat(ids(AWAIT.value(pool.ready()))).containsExactly("a.test:80");

        dns.set("_http._tcp.shop.test", "SRV", "20 5 80 b.test");

        awaitIds(pool, "b.test:80");
    }

    @Test
    void all_priorities_serve_if_wanted() {
        dns.set("_http._tcp.shop.test", "SRV", "20 5 80 b.test", "10 5 80 a.test", "30 1 80 a.test");
        DnsPool pool = pool(service().allPriorities(true));

        Membership membership = AWAIT.value(pool.ready());

        assertThat(membership.servers())
                .extracting(server -> server.id() + " " + server.labels().get(DnsPool.PRIORITY_LABEL))
                .containsExactly("a.test:80 10", "b.test:80 20");
    }

    @Test
    void a_service_that_says_it_is_not_there_empties_no_pool() {
        dns.set("_http._tcp.shop.test", "SRV", "0 0 0 .");
        DnsPool pool = pool(service());

        AWAIT.until("a question", () -> dns.asked.size() > 3);

        assertThat(pool.membership().isKnown()).isFalse();
    }

    @Test
    void an_answer_that_was_cut_is_asked_for_over_tcp() {
        dns.mood = LoopbackDns.Mood.CUTTING;
        String[] addresses = new String[100];
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = "10.1.0." + i;
        }
        dns.set("shop.test", "A", addresses);
        DnsPool pool = pool(host());

        assertThat(AWAIT.value(pool.ready()).servers()).hasSize(100);
    }

    @Test
    void it_is_opened_by_a_uri() {
        dns.set("shop.test", "A", "10.0.0.1");
        dns.set("_http._tcp.shop.test", "SRV", "10 60 8081 s1.shop.test");
        ServerPools pools = ServerPools.installed();

        ServerPool hosts = pools.open("dns:shop.test:8080?name-server=" + dns.address(), context());
        open.add(hosts);
        ServerPool services = pools.open(
                "dns:_http._tcp.shop.test?priorities=all&scheme=https&name-server=" + dns.address(), context());
        open.add(services);

        assertThat(ids(AWAIT.value(hosts.ready()))).containsExactly("10.0.0.1:8080");
        assertThat(ids(AWAIT.value(services.ready()))).containsExactly("s1.shop.test:8081");
        assertThatThrownBy(() -> pools.open("dns:", context())).hasMessageContaining("is not a name of DNS");
        assertThatThrownBy(() -> pools.open("dns:ldap://x", context())).hasMessageContaining("is not a name of DNS");
        assertThatThrownBy(() -> pools.open("dns:a:0", context())).hasMessageContaining("port 0");
        assertThatThrownBy(() -> pools.open("dns:a:1?family=ipv5", context())).hasMessageContaining("'ipv5'");
        assertThatThrownBy(() -> pools.open("dns:a?priorities=some", context())).hasMessageContaining("'some'");
        assertThatThrownBy(() -> pools.open("dns:a:1?name-server=a/b", context()))
                .hasMessageContaining("'a/b'");
    }
}
