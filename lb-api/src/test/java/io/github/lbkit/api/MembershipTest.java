package io.github.lbkit.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.pool.spi.PoolUri;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UniqueElements;
import org.junit.jupiter.api.Test;

class MembershipTest {
    private static Server ready(String id, long generation) {
        return Server.ready(id, new Instance("i-" + id, Address.of("127.0.0.1", 9000), generation));
    }

    @Test
    void the_fingerprint_has_its_golden_values() {
        assertThat(Membership.UNKNOWN.fingerprint()).isEqualTo(0xe3b0c44298fc1c14L);
        assertThat(Membership.of(1, List.of(Server.starting("S1"))).fingerprint())
                .isEqualTo(GOLDEN_ONE);
        assertThat(Membership.of(
                                7,
                                List.of(
                                        ready("Server 1", 1),
                                        ready("Server 2", 2).withWeight(0),
                                        ready("größer", 3).withWeight(1_000_000)))
                        .fingerprint())
                .isEqualTo(GOLDEN_THREE);
    }

    // computed by another implementation, from the definition in Membership.fingerprint
    private static final long GOLDEN_ONE = 0xd037cc5fb128bc72L;
    private static final long GOLDEN_THREE = 0x145efa64ab773103L;

    @Test
    void state_instance_labels_and_version_do_not_change_the_fingerprint() {
        Membership starting = Membership.of(1, List.of(Server.starting("a"), Server.starting("b")));
        Membership serving = starting.next(List.of(
                ready("b", 5).withLabels(Map.of("zone", "x")), ready("a", 4).withState(Server.State.DOWN)));

        assertThat(serving.fingerprint()).isEqualTo(starting.fingerprint());
        assertThat(serving.version()).isEqualTo(2);
    }

    @Test
    void a_draining_server_is_no_member_any_more() {
        Server draining = ready("a", 1).withState(Server.State.DRAINING);
        Membership with = Membership.of(1, List.of(draining, ready("b", 2)));
        Membership without = Membership.of(1, List.of(ready("b", 2)));

        assertThat(with.fingerprint()).isEqualTo(without.fingerprint());
        assertThat(with.members()).containsExactly(new Member("b", 1));
        assertThat(with.server("a")).contains(draining);
    }

    @Property(tries = 200)
    void order_of_insertion_does_not_matter(
            @ForAll @Size(max = 8) List<@IntRange(min = 0, max = 1_000_000) Integer> weights, @ForAll long seed) {
        List<Server> servers = new java.util.ArrayList<>();
        for (int i = 0; i < weights.size(); i++) {
            servers.add(Server.starting("s" + i).withWeight(weights.get(i)));
        }
        Membership before = Membership.of(1, servers);

        java.util.Collections.shuffle(servers, new java.util.Random(seed));
        Membership after = Membership.of(1, servers);

        assertThat(after.servers()).isEqualTo(before.servers());
        assertThat(after.fingerprint()).isEqualTo(before.fingerprint());
    }

    @Property(tries = 200)
    void every_server_is_found_by_its_id_and_no_other(
            @ForAll @Size(max = 20) @UniqueElements List<@IntRange(max = 50) Integer> numbers) {
        Membership membership = Membership.of(
                1, numbers.stream().map(n -> Server.starting("s" + n)).toList());

        for (int n = 0; n <= 50; n++) {
            assertThat(membership.server("s" + n).isPresent()).isEqualTo(numbers.contains(n));
        }
    }

    @Test
    void two_servers_of_one_id_and_versions_below_one_are_refused() {
        assertThatThrownBy(() -> Membership.of(1, List.of(Server.starting("a"), ready("a", 1))))
                .hasMessageContaining("'a'");
        assertThatThrownBy(() -> Membership.of(0, List.of())).hasMessageContaining("0");
    }

    @Test
    void an_invalid_server_is_refused_with_the_value() {
        assertThatThrownBy(() -> Server.starting(" ")).hasMessageContaining("id");
        assertThatThrownBy(() -> Server.starting("a").withWeight(-1)).hasMessageContaining("-1");
        assertThatThrownBy(() -> Server.starting("a").withWeight(1_000_001)).hasMessageContaining("1000000");
        assertThatThrownBy(() -> Server.starting("a").withState(Server.State.READY))
                .hasMessageContaining("instance");
        assertThatThrownBy(() -> Address.of("a b", 1)).hasMessageContaining("a b");
        assertThatThrownBy(() -> Address.of("a", 65_536)).hasMessageContaining("65536");
        assertThat(Address.of("::1", 80).authority()).isEqualTo("[::1]:80");
    }

    @Test
    void a_pool_uri_comes_apart_and_says_what_is_wrong() {
        PoolUri uri = PoolUri.parse("process:java -jar a.jar?servers=3&ready=on%20port");

        assertThat(uri.scheme()).isEqualTo("process");
        assertThat(uri.body()).isEqualTo("java -jar a.jar");
        assertThat(uri.option("ready")).contains("on port");
        assertThat(uri.intOption("servers", 1, 0, 10)).isEqualTo(3);
        assertThatThrownBy(() -> uri.intOption("servers", 1, 0, 2)).hasMessageContaining("'3'");
        assertThat(PoolUri.parse("static:x?a=1,2&b=3&a=4").all("a")).containsExactly("1,2", "4");
        assertThatThrownBy(() -> PoolUri.parse("static:x?a=1&a=2").option("a"))
                .hasMessageContaining("'a' of static: stands 2 times");
        assertThatThrownBy(() -> PoolUri.parse("static:x?a")).hasMessageContaining("'a'");
        assertThatThrownBy(() -> PoolUri.parse(":x")).hasMessageContaining("scheme");
    }
}
