package io.github.lbkit.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.PoolChangeRefusedException;
import io.github.lbkit.api.pool.supervised.SupervisedOptions;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.testkit.Await;
import io.github.lbkit.testkit.docker.FakeEngine;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A container runs the image with the resolved id, even if the image's name refers to another image later. */
class ImageIdentityTest {
    private static final String NAME = "shop:1";
    private static final String SERVER = "Server 1";

    private final PoolFixture stage = new PoolFixture();
    private final Await await = Await.inRealTime();
    private final FakeEngine engine = FakeEngine.builder().tcp().start();
    private String first = "";

    @BeforeEach
    void addImage() {
        engine.images().add(NAME);
        first = engine.images().id(NAME);
    }

    @AfterEach
    void close() {
        stage.close();
        engine.close();
    }

    private DockerOptions.Builder shop() {
        return DockerOptions.image(NAME, 8080).engine(engine.host());
    }

    private DockerServerPool pool(int servers) {
        DockerServerPool pool = stage.open(servers, shop().build());
        stage.awaitReady(pool, servers);
        return pool;
    }

    /** The image's name stands for another image from now on. */
    private String rebuilt() {
        engine.images().add(NAME);
        String second = engine.images().id(NAME);
        assertThat(second).isNotEqualTo(first);
        return second;
    }

    private String imageOf(DockerServerPool pool, String server) {
        return String.valueOf(
                engine.containers().labels(stage.container(pool, server)).get("lbkit.image-id"));
    }

    private void awaitReplaced(DockerServerPool pool, long before) {
        await.until("it is replaced", () -> PoolFixture.generations(pool).getOrDefault(SERVER, 0L) > before);
    }

    private long generation(DockerServerPool pool) {
        return PoolFixture.generations(pool).getOrDefault(SERVER, 0L);
    }

    @Test
    void a_rollout_of_a_name_that_was_rebuilt_replaces_what_runs_the_old_image() {
        DockerServerPool pool = pool(2);
        String second = rebuilt();

        PoolChange change = await.value(pool.rollOut(pool.spec().withImage(NAME)));

        assertThat(change.servers()).hasSize(2).allMatch(one -> one.outcome() == PoolChange.Outcome.REPLACED);
        assertThat(imageOf(pool, SERVER)).isEqualTo(second);
        assertThat(pool.spec().imageId()).contains(second);
    }

    @Test
    void a_rollout_of_another_name_of_the_same_image_changes_nothing() {
        DockerServerPool pool = pool(2);
        Map<String, Long> before = PoolFixture.generations(pool);
        engine.images().retag(NAME, "shop:stable");

        PoolChange change = await.value(pool.rollOut(pool.spec().withImage("shop:stable")));

        assertThat(change.servers()).allMatch(one -> one.outcome() == PoolChange.Outcome.UNCHANGED);
        assertThat(PoolFixture.generations(pool)).isEqualTo(before);
    }

    @Test
    void a_revert_after_a_rebuild_brings_back_the_old_image() {
        DockerServerPool pool = pool(1);
        DockerOptions old = pool.spec();
        rebuilt();
        await.value(pool.rollOut(old.withImage(NAME)));

        await.value(pool.rollOut(old));

        assertThat(imageOf(pool, SERVER)).isEqualTo(first);
    }

    @Test
    void a_replacement_is_made_of_the_pools_image_although_the_name_has_moved() {
        DockerServerPool pool = pool(2);
        rebuilt();
        long before = generation(pool);

        engine.containers().kill(stage.container(pool, SERVER));
        awaitReplaced(pool, before);
        await.value(pool.add(1, List.of("A")));

        assertThat(List.of(imageOf(pool, SERVER), imageOf(pool, "Server 2"), imageOf(pool, "A")))
                .containsOnly(first);
    }

    @Test
    void a_name_that_moves_in_the_middle_of_a_rollout_leaves_one_image_in_the_pool() {
        DockerServerPool pool = pool(3);
        String second = rebuilt();

        var rollout = pool.rollOut(pool.spec().withImage(NAME));
        await.until(
                "one runs the new image",
                () -> pool.specs().values().stream().distinct().count() > 1);
        rebuilt();
        await.value(rollout);

        assertThat(List.of(imageOf(pool, SERVER), imageOf(pool, "Server 2"), imageOf(pool, "Server 3")))
                .containsOnly(second);
    }

    @Test
    void the_next_owner_adopts_containers_of_the_image_that_the_name_refers_to() {
        DockerServerPool left = left();
        long before = generation(left);

        DockerServerPool next = pool(1);

        assertThat(generation(next)).isEqualTo(before);
    }

    @Test
    void the_next_owner_replaces_what_runs_another_image_of_its_name() {
        DockerServerPool left = left();
        long before = generation(left);
        String second = rebuilt();

        DockerServerPool next = pool(1);
        await.until("the old one is replaced", () -> generation(next) > before);

        assertThat(imageOf(next, SERVER)).isEqualTo(second);
    }

    /** A pool that was closed and left its containers running. */
    private DockerServerPool left() {
        DockerServerPool left = stage.open(
                Runtimes.system(),
                shop().build(),
                builder -> builder.servers(1).onClose(SupervisedOptions.OnClose.KEEP));
        stage.awaitReady(left, 1);
        left.close();
        return left;
    }

    @Test
    void an_image_that_is_gone_while_its_name_exists_is_reported_with_both_ids() {
        DockerServerPool pool = pool(1);
        String second = rebuilt();
        engine.images().remove(first);

        PoolChange change = await.value(pool.add(1, List.of("A")));

        assertThat(change.failed()).hasSize(1);
        assertThat(change.failed().get(0).detail())
                .contains(NAME, first, second, "rollout --image")
                .doesNotContain("pull=missing");
    }

    @Test
    void a_rollout_of_an_image_that_is_missing_is_refused_before_anything_is_launched() {
        DockerServerPool pool = pool(1);
        Map<String, Long> before = PoolFixture.generations(pool);

        var rollout = pool.rollOut(pool.spec().withImage("shop:never"));

        assertThatThrownBy(() -> await.value(rollout))
                .isInstanceOf(PoolChangeRefusedException.class)
                .hasMessageContaining("No such image: shop:never")
                .hasMessageContaining("pull=missing");
        assertThat(PoolFixture.generations(pool)).isEqualTo(before);
    }

    @Test
    void an_image_that_is_always_pulled_is_pulled_anew_by_a_rollout() {
        engine.images().offer(NAME);
        DockerServerPool pool =
                stage.open(1, shop().pull(DockerOptions.Pull.ALWAYS).build());
        stage.awaitReady(pool, 1);
        String opened = imageOf(pool, SERVER);

        PoolChange change = await.value(pool.rollOut(pool.spec().withImage(NAME)));

        assertThat(change.servers()).allMatch(one -> one.outcome() == PoolChange.Outcome.REPLACED);
        assertThat(imageOf(pool, SERVER)).isNotIn(first, opened);
    }

    @Test
    void containers_of_two_images_in_one_pool_are_shown() {
        DockerServerPool pool = pool(2);
        String second = rebuilt();
        engine.faults().refuse("POST /containers/[^/]*server-2[^/]*/start", 100, 500, "no");
        DockerOptions to = pool.spec().withImage(NAME);

        var rollout = pool.rollOut(to);
        await.until(
                "two images are seen",
                () -> pool.imageIds().values().stream().distinct().count() == 2);

        assertThat(pool.imageIds()).containsValues(first, second).containsOnlyKeys(SERVER, "Server 2");
        engine.faults().clear();
        await.value(rollout);
    }
}
