package io.github.lbkit.hashing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadView;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Picker;
import io.github.lbkit.api.policy.Policies;
import io.github.lbkit.testkit.HashRouterContract;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests of ketama as in libmemcached, and of node lists as in client configurations. */
class KetamaClientTest extends HashRouterContract {
    private static final String DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";

    @Override
    protected HashRouter router(List<Member> members) {
        return HashRouters.ketama(members, KetamaClient.LIBMEMCACHED);
    }

    @Override
    protected long goldenChecksum() {
        return 3314963375078782837L;
    }

    @Override
    protected int maxMembers() {
        return 8;
    }

    /** The client, the node list and the owners of keys, which libmemcached-owners.c got from libmemcached. */
    static Stream<Arguments> cases() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                KetamaClientTest.class.getResourceAsStream("libmemcached-owners.txt"), "libmemcached-owners.txt")) {
            List<String> lines = new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList();
            return IntStream.range(0, lines.size() / 3)
                    .mapToObj(i -> Arguments.of(lines.get(3 * i), lines.get(3 * i + 1), lines.get(3 * i + 2)));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void owners_of_a_clients_list_of_nodes_are_those_of_libmemcached(String client, String nodes, String expected) {
        KetamaClient like = KetamaClient.valueOf(client.toUpperCase(Locale.ROOT).replace('-', '_'));
        List<Member> members = like.members(nodes);
        ConsistentHash hash = ConsistentHash.of(HashRouters.ketama(members, like));
        Picker picker = Policies.named("ketama", Map.of("client", client)).picker(hash.members());
        List<String> ids = members.stream().map(Member::id).toList();

        StringBuilder owners = new StringBuilder();
        StringBuilder picked = new StringBuilder();
        for (int i = 0; i < expected.length(); i++) {
            String key = "key-" + i + (i % 10 == 0 ? "é" : "");
            owners.append(DIGITS.charAt(ids.indexOf(hash.owner(key).orElseThrow())));
            int index = picker.next(Key.of(key), new Cursor(() -> 0), LoadView.IDLE);
            picked.append(DIGITS.charAt(ids.indexOf(hash.members().get(index).id())));
        }

        assertThat(owners.toString()).isEqualTo(expected);
        assertThat(picked.toString()).isEqualTo(expected);
    }

    /** The reason for the vectors: for the default port, the names of the two formats differ, and so do most owners. */
    @Test
    void clients_of_both_formats_disagree_about_most_keys_on_the_default_port() {
        String nodes = "10.0.1.1:11211 10.0.1.2:11211 10.0.1.3:11211 10.0.1.4:11211 10.0.1.5:11211";
        ConsistentHash spy = of(KetamaClient.SPYMEMCACHED, nodes);
        ConsistentHash lib = of(KetamaClient.LIBMEMCACHED_WEIGHTED, nodes);
        String others = nodes.replace("11211", "11212");

        long agreed = IntStream.range(0, 2_000)
                .filter(i -> spy.owner("user:" + i).equals(lib.owner("user:" + i)))
                .count();

        assertThat(agreed).isLessThan(600);
        assertThat(IntStream.range(0, 2_000))
                .allSatisfy(
                        i -> assertThat(of(KetamaClient.SPYMEMCACHED, others).owner("user:" + i))
                                .isEqualTo(of(KetamaClient.LIBMEMCACHED_WEIGHTED, others)
                                        .owner("user:" + i)));
    }

    private static ConsistentHash of(KetamaClient client, String nodes) {
        return ConsistentHash.of(HashRouters.ketama(client.members(nodes), client));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.0.1.1:11211 600, 10.0.1.2:11212 300 | 10.0.1.1:11211=600 10.0.1.2:11212=300",
                "cache1,cache2:11212 | cache1:11211=1 cache2:11212=1",
                "cache1:11211 cache2:11212 | cache1:11211=1 cache2:11212=1",
                "cache1:11211:5 cache2:11212:0 | cache1:11211=5 cache2:11212=1",
                "--SERVER=cache1:11211/?7 --SERVER=cache2:11212 | cache1:11211=7 cache2:11212=1",
                "[::1]:11212 3, [fe80::2] | [::1]:11212=3 [fe80::2]:11211=1",
                "'' | ''"
            })
    void nodes_are_parsed_as_in_client_configurations(String nodes, String members) {
        String read = String.join(
                " ",
                KetamaClient.LIBMEMCACHED_WEIGHTED.members(nodes).stream()
                        .map(m -> m.id() + "=" + m.weight())
                        .toList());

        assertThat(read).isEqualTo(members);
        assertThat(KetamaClient.LIBMEMCACHED_WEIGHTED.members(nodes.replace(" ", "\t\n")))
                .isEqualTo(KetamaClient.LIBMEMCACHED_WEIGHTED.members(nodes));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "600, cache1:11211 | 600",
                "cache1:11211 redis_a | redis_a",
                "cache1:70000 | cache1:70000",
                "cache1: | cache1:",
                ":11211 | :11211",
                "[::1:11211 | [::1:11211",
                "cache1:11211 1 2 | 2",
                "cache1:11211:5 6 | cache1:11211:5 6",
                "cache1, cache1:11211 | cache1:11211",
                "cache1:11211 12345678901 | 12345678901"
            })
    void nodes_that_cannot_be_parsed_are_refused_by_name(String nodes, String named) {
        assertThatThrownBy(() -> KetamaClient.LIBMEMCACHED_WEIGHTED.members(nodes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(named);
    }

    @Test
    void spymemcached_needs_the_address_beside_a_name() throws IOException {
        byte[] address = {10, 0, 1, 1};
        InetSocketAddress named = new InetSocketAddress(InetAddress.getByAddress("cache1", address), 11_211);
        InetSocketAddress unnamed = new InetSocketAddress(InetAddress.getByAddress(address), 11_211);

        assertThat(KetamaClient.SPYMEMCACHED.members(named + " 2")).containsExactly(new Member(named.toString(), 2));
        assertThat(KetamaClient.SPYMEMCACHED.members(unnamed.toString()))
                .containsExactly(new Member("10.0.1.1:11211", 1));
        assertThatThrownBy(() -> KetamaClient.SPYMEMCACHED.members("cache1:11211"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'cache1:11211'")
                .hasMessageContaining("cache1/10.0.1.1:11211");
    }

    @Test
    void two_ids_of_one_server_are_refused() {
        List<Member> twice = List.of(new Member("cache1", 1), new Member("cache1:11211", 1));

        assertThatThrownBy(() -> HashRouters.ketama(twice, KetamaClient.LIBMEMCACHED_WEIGHTED))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'cache1'")
                .hasMessageContaining("'cache1:11211'");
        assertThat(HashRouters.ketama(twice).members()).hasSize(2);
    }

    @Test
    void an_id_that_is_not_a_memcached_server_is_refused() {
        assertThatThrownBy(() -> HashRouters.ketama(List.of(new Member("a:b", 1)), KetamaClient.LIBMEMCACHED))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'a:b'");
    }

    @Test
    void the_names_of_ipv6_addresses_have_no_brackets() {
        assertThat(HashRouters.ketama(List.of(new Member("[::1]:11211", 1)), KetamaClient.LIBMEMCACHED_WEIGHTED)
                        .position(0))
                .isEqualTo(HashRouters.ketama(List.of(new Member("::1", 1))).position(0));
    }
}
