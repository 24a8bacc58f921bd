package io.github.lbkit.testkit.pool.supervised;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.pool.supervised.LaunchRequest;
import io.github.lbkit.api.pool.supervised.LaunchedInstance;
import io.github.lbkit.api.pool.supervised.SupervisedOptions.Leftovers;
import io.github.lbkit.api.pool.supervised.SupervisedOptions.OnClose;
import io.github.lbkit.api.pool.supervised.SupervisedPool;
import io.github.lbkit.testkit.FakePlatform.LaunchBehaviour;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a supervised pool does with the instances of the owner before. */
class SupervisedPoolOwnersTest {
    @Test
    void the_next_owner_adopts_what_was_kept_and_launches_nothing() {
        SupervisedPoolFixture stage =
                SupervisedPoolFixture.ready(SupervisedPoolFixture.options().onClose(OnClose.KEEP));
        List<LaunchedInstance> before = stage.platform.instances();
        stage.pool.closing();
        stage.pass(Duration.ofSeconds(10));
        assertThat(stage.platform.instances()).hasSameSizeAs(before);

        stage.crash();
        stage.pass(Duration.ofSeconds(1));

        stage.assertConverged();
        assertThat(stage.launcher.launches()).isEmpty();
        assertThat(stage.platform.instances())
                .extracting(LaunchedInstance::generation)
                .containsExactlyElementsOf(
                        before.stream().map(LaunchedInstance::generation).toList());
        assertThat(stage.events)
                .filteredOn(PoolEvent.Adopted.class::isInstance)
                .extracting(event -> ((PoolEvent.OfServer) event).id())
                .containsExactlyInAnyOrder("Server 1", "Server 2", "Server 3");
    }

    @Test
    void servers_keep_their_numbers_under_the_next_owner_after_others_have_left() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        stage.ask(stage.pool.add(1, List.of("X1")));
        stage.pass(Duration.ofSeconds(1));
        stage.ask(stage.pool.remove(1, List.of("Server 2")));
        stage.pass(SupervisedPoolFixture.DRAIN.plusSeconds(3));
        Map<String, String> before = numbers(stage);
        assertThat(before).containsEntry("Server 3", "3").containsEntry("X1", "4");

        stage.options.servers(List.of("X1", "Server 3", "Server 1", "new"));
        stage.crash();
        stage.pass(Duration.ofSeconds(1));

        assertThat(numbers(stage)).containsAllEntriesOf(before).containsEntry("new", "2");
        assertThat(stage.launcher.launches()).hasSize(1);
        stage.kill("Server 3");
        stage.pass(Duration.ofSeconds(1));
        assertThat(stage.running("Server 3").labels()).containsEntry(SupervisedPool.NUMBER_LABEL, "3");
    }

    @Test
    void numbers_that_the_admission_does_not_want_are_not_kept() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        stage.ask(stage.pool.remove(1, List.of("Server 1")));
        stage.pass(SupervisedPoolFixture.DRAIN.plusSeconds(3));

        stage.options.servers(List.of("Server 2", "Server 3")).admission(members -> {
            if (members.stream().anyMatch(member -> member.labels().containsValue("3"))) {
                throw new IllegalArgumentException("two places are enough");
            }
        });
        stage.crash();
        stage.pass(Duration.ofSeconds(1));

        assertThat(numbers(stage)).containsOnly(Map.entry("Server 2", "1"), Map.entry("Server 3", "2"));
    }

    private static Map<String, String> numbers(SupervisedPoolFixture stage) {
        Map<String, String> numbers = new TreeMap<>();
        stage.pool
                .membership()
                .servers()
                .forEach(server ->
                        numbers.put(server.id(), server.labels().getOrDefault(SupervisedPool.NUMBER_LABEL, "")));
        return numbers;
    }

    @Test
    void leftovers_are_retired_where_adoption_is_not_wanted() {
        SupervisedPoolFixture stage =
                SupervisedPoolFixture.ready(SupervisedPoolFixture.options().leftovers(Leftovers.RETIRE));

        stage.crash();
        stage.pass(Duration.ofSeconds(2));

        stage.assertConverged();
        assertThat(stage.launcher.launches()).hasSize(3);
    }

    @Test
    void a_leftover_that_does_not_answer_is_replaced() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        stage.platform.onLaunch(r -> LaunchBehaviour.NEVER_READY);
        stage.ask(stage.pool.add(1, List.of("X1")));
        stage.pass(Duration.ofSeconds(1));
        stage.platform.clearFaults();
        stage.options.servers(List.of("X1"));

        stage.crash();
        stage.pass(Duration.ofSeconds(20));

        stage.assertConverged();
        assertThat(stage.launcher.launches()).hasSize(1);
    }

    @Test
    void generations_rise_though_the_clock_of_the_next_owner_is_behind() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        long before = stage.running("Server 1").generation();
        stage.clockError = Duration.ofDays(-100);

        stage.crash();
        stage.pass(Duration.ofSeconds(1));
        stage.ask(stage.pool.replace("Server 1"));
        stage.kill("Server 2");
        stage.pass(Duration.ofSeconds(10));

        assertThat(stage.running("Server 1").generation()).isGreaterThan(before);
        assertThat(stage.running("Server 2").generation()).isGreaterThan(before);
        stage.assertConverged();
    }

    @Test
    void generations_rise_though_the_clock_does_not_advance() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready(
                SupervisedPoolFixture.options().servers(12).launchConcurrency(12));

        assertThat(stage.launcher.launches())
                .extracting(LaunchRequest::generation)
                .isSorted()
                .doesNotHaveDuplicates();
    }
}
