package io.github.lbkit.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.PoolChangeRefusedException;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.pool.supervised.SupervisedOptions;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.api.runtime.Scheduler;
import io.github.lbkit.docker.real.NeedsEngine;
import io.github.lbkit.docker.real.RealEngine;
import io.github.lbkit.docker.real.TestImage;
import io.github.lbkit.testkit.Await;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The ownership of a pool that several processes open, in sequence and at the same time. */
@NeedsEngine
class PoolOwnershipTest {
    private final PoolFixture stage = new PoolFixture();
    private final Await await = Await.inRealTime();

    /** The threads of an owner that is going to crash. */
    private final List<Scheduler> mortal = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void buildImage() throws IOException {
        TestImage.build();
    }

    @AfterEach
    void close() {
        stage.close();
    }

    private Runtimes mortalRuntimes() {
        return name -> {
            Scheduler scheduler = Runtimes.system().scheduler(name);
            mortal.add(scheduler);
            return scheduler;
        };
    }

    private void crash(DockerServerPool pool) {
        mortal.forEach(Scheduler::close);
        stage.forget(pool);
    }

    @Test
    void the_next_owner_adopts_what_a_crashed_one_left() {
        DockerServerPool first = stage.open(mortalRuntimes(), stage.image().build(), builder -> builder.servers(3));
        stage.awaitReady(first, 3);
        Map<String, Long> before = PoolFixture.generations(first);

        crash(first);
        DockerServerPool second = stage.open(3, stage.image().build());
        stage.awaitReady(second, 3);
        await.until("the second owns the pool", () -> second.owner().isEmpty());
        await.value(second.add(1, List.of("A")));

        assertThat(PoolFixture.generations(second)).containsAllEntriesOf(before).containsKey("A");
        assertThat(stage.containers()).isEqualTo(4);
    }

    @Test
    void the_next_owner_replaces_instances_of_another_spec_and_removes_undesired_servers() {
        SupervisedOptions.OnClose keep = SupervisedOptions.OnClose.KEEP;
        DockerServerPool first = stage.open(
                Runtimes.system(),
                stage.image().build(),
                builder -> builder.servers(3).onClose(keep));
        stage.awaitReady(first, 3);
        Map<String, Long> before = PoolFixture.generations(first);
        first.close();

        DockerServerPool second =
                stage.open(2, stage.image().environment("NEW", "yes").build());
        await.until("two servers are new", () -> {
            Map<String, Long> now = PoolFixture.generations(second);
            return now.size() == 2 && now.values().stream().noneMatch(before::containsValue);
        });
        await.until("the old are gone", () -> stage.containers() == 2);

        assertThat(PoolFixture.generations(second)).containsOnlyKeys("Server 1", "Server 2");
    }

    @Test
    void a_second_owner_follows_says_so_and_takes_over() {
        DockerServerPool first = stage.open(mortalRuntimes(), stage.image().build(), builder -> builder.servers(2));
        stage.awaitReady(first, 2);
        DockerServerPool second = stage.open(3, stage.image().build());
        stage.awaitReady(second, 2);

        assertThat(PoolFixture.generations(second)).isEqualTo(PoolFixture.generations(first));
        assertThat(second.owner()).isPresent();
        assertThatThrownBy(() -> await.value(second.add(1, List.of("A"))))
                .isInstanceOfSatisfying(
                        PoolChangeRefusedException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(PoolChangeRefusedException.Reason.NOT_OWNER));

        await.value(first.add(1, List.of("A")));
        stage.awaitReady(second, 3);
        await.until("the owner's wish is known", () -> second.desired().contains("A"));
        Map<String, Long> before = PoolFixture.generations(second);
        List<Long> fewest = readyFromNowOn(second);
        crash(first);
        await.until("the second takes over", () -> second.owner().isEmpty());
        await.value(second.add(1, List.of("B")));

        assertThat(PoolFixture.generations(second)).containsAllEntriesOf(before).containsKey("B");
        assertThat(fewest).allMatch(ready -> ready >= 3);
    }

    @Test
    void a_pool_that_is_closed_gives_its_lease_back() {
        DockerServerPool first = stage.open(1, stage.image().build());
        stage.awaitReady(first, 1);
        DockerServerPool second = stage.open(1, stage.image().build());
        stage.awaitReady(second, 1);

        first.close();
        await.until("the second owns the pool", () -> second.owner().isEmpty());
        stage.awaitReady(second, 1);

        assertThat(await.value(second.resize(2)).desired()).hasSize(2);
    }

    @Test
    void an_owner_whose_lease_was_taken_changes_nothing_any_more() {
        DockerServerPool first = stage.open(1, stage.image().build());
        stage.awaitReady(first, 1);
        DockerServerPool second = stage.open(1, stage.image().build());
        stage.awaitReady(second, 1);

        RealEngine.remove("lbkit-lease." + stage.name);
        await.until(
                "one owns, one follows",
                () -> first.owner().isPresent() != second.owner().isPresent());
        stage.awaitReady(first, 1);
        stage.awaitReady(second, 1);

        assertThat(PoolFixture.generations(first)).isEqualTo(PoolFixture.generations(second));
    }

    @Test
    void after_a_crash_the_next_owner_keeps_servers_that_were_rolled_out_and_added() throws IOException {
        String young = TestImage.build(RealEngine.engine(), TestImage.NAME + "-young", "LABEL young=1\n");
        DockerOptions options = stage.image().build();
        DockerServerPool first = stage.open(mortalRuntimes(), options, builder -> builder.servers(2));
        stage.awaitReady(first, 2);
        await.value(first.add(1, List.of("A")));
        assertThat(await.value(first.rollOut(options.withImage(young))).complete())
                .isTrue();
        stage.awaitReady(first, 3);
        Map<String, Long> before = PoolFixture.generations(first);
        Map<String, String> specs = first.specs();
        await.until(
                "the state is kept",
                () -> RealEngine.leaseFile(stage.name, "lbkit-lease").contains("spec.target=\n"));

        crash(first);
        DockerServerPool second = stage.open(2, options);
        stage.awaitReady(second, 3);
        await.until("the second owns the pool", () -> second.owner().isEmpty());

        await.until("all are adopted", () -> second.specs().equals(specs));
        assertThat(PoolFixture.generations(second)).isEqualTo(before);
        assertThat(await.value(second.revert()).complete()).isTrue();
        assertThat(second.specs().values()).doesNotContainAnyElementsOf(specs.values());
    }

    @Test
    void another_configured_spec_is_rolled_out_with_all_servers_ready() {
        DockerServerPool first = stage.open(
                Runtimes.system(),
                stage.image().build(),
                builder -> builder.servers(3).onClose(SupervisedOptions.OnClose.KEEP));
        stage.awaitReady(first, 3);
        Map<String, Long> before = PoolFixture.generations(first);
        first.close();

        DockerServerPool second =
                stage.open(3, stage.image().environment("NEW", "yes").build());
        stage.awaitReady(second, 3);
        List<Long> fewest = readyFromNowOn(second);
        await.until("all are replaced", () -> {
            Map<String, Long> now = PoolFixture.generations(second);
            return now.size() == 3 && now.values().stream().noneMatch(before::containsValue);
        });

        assertThat(fewest).allMatch(ready -> ready >= 3);
        await.until("the old are gone", () -> stage.containers() == 3);
    }

    @Test
    void a_removed_lease_is_created_again_and_killed_servers_return() {
        DockerServerPool pool = stage.open(3, stage.image().build());
        stage.awaitReady(pool, 3);
        await.value(pool.add(1, List.of("A")));
        stage.awaitReady(pool, 4);
        Map<String, Long> before = PoolFixture.generations(pool);

        RealEngine.remove("lbkit-lease." + stage.name);
        RealEngine.containers("lbkit.pool=" + stage.name).forEach(RealEngine::remove);
        await.until("all four are new", () -> {
            Map<String, Long> now = PoolFixture.generations(pool);
            return now.size() == 4 && now.values().stream().noneMatch(before::containsValue);
        });

        assertThat(pool.owner()).isEmpty();
        assertThat(await.value(pool.add(1, List.of("B"))).complete()).isTrue();
    }

    @Test
    void an_owner_that_stops_leaves_its_servers_to_one_that_waits() {
        DockerServerPool first = stage.open(2, stage.image().build());
        stage.awaitReady(first, 2);
        DockerServerPool second = stage.open(2, stage.image().build());
        stage.awaitReady(second, 2);
        Map<String, Long> before = PoolFixture.generations(first);
        await.until(
                "the second waits",
                () -> !RealEngine.leaseFile(stage.name, "lbkit-waiting").isEmpty());
        int seen = renewals();
        await.until("the owner has looked", () -> renewals() > seen + 1);
        List<Long> fewest = readyFromNowOn(second);

        first.close();
        await.until("the second owns the pool", () -> second.owner().isEmpty());
        await.value(second.add(1, List.of("A")));

        assertThat(PoolFixture.generations(second)).containsAllEntriesOf(before);
        assertThat(fewest).allMatch(ready -> ready >= 2);
        stage.forget(first);
    }

    @Test
    void a_pool_of_another_spec_that_has_an_owner_is_refused_by_name() {
        DockerServerPool first = stage.open(1, stage.image().build());
        stage.awaitReady(first, 1);

        DockerServerPool second =
                stage.open(1, stage.image().environment("OTHER", "yes").build());

        assertThatThrownBy(() -> await.value(second.add(1, List.of("A"))))
                .hasMessageContaining(stage.name)
                .hasMessageContaining("another spec")
                .hasMessageContaining("pool name");
        assertThat(PoolFixture.generations(second)).isEmpty();
        assertThat(stage.containers()).isEqualTo(1);
    }

    /** How many servers are ready in each membership that the pool shows. */
    private static List<Long> readyFromNowOn(DockerServerPool pool) {
        List<Long> ready = new CopyOnWriteArrayList<>();
        pool.subscribe(membership -> ready.add(membership.servers().stream()
                .filter(server -> server.state() == Server.State.READY)
                .count()));
        return ready;
    }

    private int renewals() {
        return Integer.parseInt(RealEngine.leaseFile(stage.name, "lbkit-lease")
                .lines()
                .findFirst()
                .orElse("0"));
    }
}
