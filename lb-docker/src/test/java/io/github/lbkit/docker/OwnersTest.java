package io.github.lbkit.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.PoolChangeRefusedException;
import io.github.lbkit.api.Runtimes;
import io.github.lbkit.api.Scheduler;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.pool.SupervisedOptions;
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

/** Who owns a pool, one after the other and at once. */
@NeedsEngine
class OwnersTest {
    private final PoolStage stage = new PoolStage();
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
        Map<String, Long> before = PoolStage.generations(first);

        crash(first);
        DockerServerPool second = stage.open(3, stage.image().build());
        stage.awaitReady(second, 3);
        await.until("the second owns the pool", () -> second.owner().isEmpty());
        await.value(second.add(1, List.of("A")));

        assertThat(PoolStage.generations(second)).containsAllEntriesOf(before).containsKey("A");
        assertThat(stage.containers()).isEqualTo(4);
    }

    @Test
    void the_next_owner_replaces_what_is_of_another_spec_and_removes_what_nobody_wants() {
        SupervisedOptions.OnClose keep = SupervisedOptions.OnClose.KEEP;
        DockerServerPool first = stage.open(
                Runtimes.system(),
                stage.image().build(),
                builder -> builder.servers(3).onClose(keep));
        stage.awaitReady(first, 3);
        Map<String, Long> before = PoolStage.generations(first);
        first.close();

        DockerServerPool second =
                stage.open(2, stage.image().environment("NEW", "yes").build());
        stage.awaitReady(second, 2);
        await.until("the old are gone", () -> stage.containers() == 2);

        assertThat(PoolStage.generations(second)).containsOnlyKeys("Server 1", "Server 2");
        assertThat(PoolStage.generations(second).values()).doesNotContainAnyElementsOf(before.values());
    }

    @Test
    void a_second_owner_follows_says_so_and_takes_over() {
        DockerServerPool first = stage.open(mortalRuntimes(), stage.image().build(), builder -> builder.servers(2));
        stage.awaitReady(first, 2);
        DockerServerPool second = stage.open(3, stage.image().build());
        stage.awaitReady(second, 2);

        assertThat(PoolStage.generations(second)).isEqualTo(PoolStage.generations(first));
        assertThat(second.owner()).isPresent();
        assertThatThrownBy(() -> await.value(second.add(1, List.of("A"))))
                .isInstanceOfSatisfying(
                        PoolChangeRefusedException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(PoolChangeRefusedException.Reason.NOT_OWNER));

        await.value(first.add(1, List.of("A")));
        stage.awaitReady(second, 3);
        await.until("the owner's wish is known", () -> second.desired().contains("A"));
        Map<String, Long> before = PoolStage.generations(second);
        List<Integer> fewest = new CopyOnWriteArrayList<>();
        second.subscribe(membership -> fewest.add((int) membership.servers().stream()
                .filter(server -> server.state() == Server.State.READY)
                .count()));
        crash(first);
        await.until("the second takes over", () -> second.owner().isEmpty());
        await.value(second.add(1, List.of("B")));

        assertThat(PoolStage.generations(second)).containsAllEntriesOf(before).containsKey("B");
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

        assertThat(PoolStage.generations(first)).isEqualTo(PoolStage.generations(second));
    }
}
