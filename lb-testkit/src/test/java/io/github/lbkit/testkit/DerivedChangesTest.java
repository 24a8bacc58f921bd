package io.github.lbkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.ManagedServerPool;
import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.PoolChange.Outcome;
import io.github.lbkit.api.PoolChange.ServerChange;
import io.github.lbkit.api.PoolChangeRefusedException;
import io.github.lbkit.api.PoolChangeRefusedException.Reason;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.pool.PriorityOptions;
import io.github.lbkit.api.pool.PriorityPool;
import io.github.lbkit.api.pool.SubsetPool;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.pool.supervised.SupervisedOptions;
import io.github.lbkit.api.pool.supervised.SupervisedPool;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What pools over a pool that can be changed pass on, and what they refuse. */
class DerivedChangesTest {
    private final ManualScheduler scheduler = new ManualScheduler();
    private final Await await = Await.moving(scheduler);
    private final FakePlatform platform = new FakePlatform(scheduler);
    private final SupervisedPool inner = supervised("inner", platform);

    private PoolContext context(String name) {
        return new PoolContext(name, scheduler.asRuntimes(), Path.of("unused"));
    }

    private SupervisedPool supervised(String name, FakePlatform in) {
        FakeLauncher launcher = in.newLauncher();
        return SupervisedPool.open(
                context(name),
                launcher,
                SupervisedOptions.builder()
                        .servers(List.of("A", "B", "C", "D"))
                        .maxServers(20)
                        .probe(launcher.probe())
                        .random(new Random(7)::nextLong)
                        .build());
    }

    private static void refused(Reason reason, ThrowingCallable change) {
        assertThatThrownBy(change)
                .isInstanceOfSatisfying(
                        PoolChangeRefusedException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    private <T> T value(CompletionStage<T> stage) {
        return await.value(stage);
    }

    private ManagedServerPool subset() {
        SubsetPool pool = SubsetPool.ofClient(context("mine"), inner, "proxy-1", 2);
        value(pool.ready());
        return (ManagedServerPool) pool;
    }

    @Test
    void a_server_of_a_subset_is_replaced_in_the_other_pool() {
        ManagedServerPool mine = subset();
        String id = mine.desired().get(0);
        Server before = inner.membership().server(id).orElseThrow();

        PoolChange change = value(mine.replace(id));

        assertThat(change.servers()).containsExactly(new ServerChange(id, Outcome.REPLACED, ""));
        assertThat(change.desired()).hasSize(2).isEqualTo(mine.desired());
        Server after = mine.membership().server(id).orElseThrow();
        assertThat(after).isEqualTo(inner.membership().server(id).orElseThrow()).isNotEqualTo(before);
    }

    @Test
    void replacing_all_of_a_subset_replaces_these_alone() {
        ManagedServerPool mine = subset();
        List<String> ours = mine.desired();

        PoolChange change = value(mine.replaceAll());

        assertThat(change.servers()).extracting(ServerChange::id).containsExactlyElementsOf(ours);
        assertThat(change.complete()).isTrue();
        for (Server server : inner.membership().servers()) {
            long generation = server.instance().orElseThrow().generation();
            boolean replaced = mine.membership().server(server.id()).isPresent();
            assertThat(generation > lastOfTheFirst()).isEqualTo(replaced);
        }
    }

    /** The generations of the first launches are four in a row. */
    private long lastOfTheFirst() {
        return inner.membership().servers().stream()
                        .mapToLong(server -> server.instance().orElseThrow().generation())
                        .min()
                        .orElseThrow()
                + 3;
    }

    @Test
    void what_is_removed_from_a_subset_is_one_of_its_own_and_another_takes_its_place() {
        ManagedServerPool mine = subset();
        List<String> before = mine.desired();

        PoolChange change = value(mine.remove(1, List.of()));

        assertThat(change.servers())
                .singleElement()
                .satisfies(one -> assertThat(before).contains(one.id()));
        assertThat(inner.desired()).hasSize(3);
        await.until("another takes its place", () -> mine.desired().size() == 2);
    }

    @Test
    void a_subset_refuses_what_is_not_its_own() {
        ManagedServerPool mine = subset();
        List<String> others = inner.desired().stream()
                .filter(id -> !mine.desired().contains(id))
                .toList();

        refused(Reason.NOT_HERE, () -> value(mine.add(1, List.of())));
        refused(Reason.NOT_HERE, () -> value(mine.resize(3)));
        refused(Reason.NOT_HERE, () -> value(mine.preview(true, 1, List.of())));
        refused(Reason.UNKNOWN_ID, () -> value(mine.replace(others.get(0))));
        refused(Reason.UNKNOWN_ID, () -> value(mine.remove(1, List.of(others.get(0)))));
        refused(Reason.TOO_FEW, () -> value(mine.remove(3, List.of())));
        mine.close();
        refused(Reason.CLOSED, () -> value(mine.replace(others.get(0))));
        assertThat(inner.desired()).hasSize(4);
    }

    @Test
    void a_pool_over_one_that_cannot_be_changed_cannot_be_changed() {
        ScriptedPool fixed = new ScriptedPool("fixed");

        assertThat(SubsetPool.labelled(context("some"), fixed, Map.of())).isNotInstanceOf(ManagedServerPool.class);
        assertThat(PriorityPool.open(context("first"), List.of(fixed), PriorityOptions.DEFAULTS))
                .isNotInstanceOf(ManagedServerPool.class);
    }

    @Test
    void a_failover_pool_changes_the_pool_that_is_shown_or_named() {
        ScriptedPool fixed = new ScriptedPool("fixed");
        SupervisedPool far = supervised("far", new FakePlatform(scheduler));
        ManagedServerPool both = (ManagedServerPool)
                PriorityPool.open(context("both"), List.of(inner, far, fixed), PriorityOptions.DEFAULTS);
        value(both.ready());

        PoolChange named = value(both.remove(1, List.of("far/B")));
        PoolChange shown = value(both.add(1, List.of("E")));

        assertThat(named.servers()).containsExactly(new ServerChange("far/B", Outcome.REMOVED, ""));
        assertThat(far.desired()).containsExactly("A", "C", "D");
        assertThat(shown.desired()).isEqualTo(inner.desired()).contains("E");
        assertThat(both.membership().server("E")).isPresent();
        assertThat(value(both.preview(true, 1, List.of("far/X"))).put())
                .singleElement()
                .satisfies(member -> assertThat(member.id()).isEqualTo("far/X"));
        refused(Reason.NOT_HERE, () -> value(both.remove(2, List.of("A", "far/A"))));
        refused(Reason.NOT_HERE, () -> value(both.add(1, List.of("fixed/X"))));
    }
}
