package io.github.lbkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.lbkit.api.DrainResult;
import io.github.lbkit.api.ManagedServerPool;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.PoolChange.Outcome;
import io.github.lbkit.api.PoolChange.ServerChange;
import io.github.lbkit.api.PoolChangeRefusedException;
import io.github.lbkit.api.PoolChangeRefusedException.Reason;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.explain.MembershipChange;
import io.github.lbkit.testkit.fault.FaultyCalls;
import io.github.lbkit.testkit.fault.Misbehaviour;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/**
 * The laws of a {@link ManagedServerPool}, in addition to those of {@link ServerPoolContract}. A test of a pool extends
 * this suite and opens a pool with the servers {@code A}, {@code B} and {@code C}, in this order of joining. Its
 * maximum must be 6 to 50 servers and its drain timeout 1 second or more, and its launches must succeed.
 *
 * <pre>{@code
 * class MyPoolTest extends ManagedServerPoolContract {
 *     @Override
 *     protected ManagedServerPool openManaged() {
 *         return MyPool.open(List.of("A", "B", "C"));
 *     }
 * }
 * }</pre>
 */
public abstract class ManagedServerPoolContract extends ServerPoolContract {
    /** Creates the suite. */
    protected ManagedServerPoolContract() {}

    @Override
    protected final ServerPool open() throws Exception {
        return openManaged();
    }

    /** Opens a new pool of {@code A}, {@code B} and {@code C}. */
    protected abstract ManagedServerPool openManaged() throws Exception;

    private ManagedServerPool ready() throws Exception {
        ManagedServerPool pool = (ManagedServerPool) pool();
        await().value(pool.ready());
        return pool;
    }

    private static long generation(ManagedServerPool pool, String id) {
        return pool.membership()
                .server(id)
                .orElseThrow()
                .instance()
                .orElseThrow()
                .generation();
    }

    private static List<String> readyIds(Membership membership) {
        return membership.servers().stream()
                .filter(server -> server.state() == Server.State.READY)
                .map(Server::id)
                .toList();
    }

    /** Law: the desired servers must be listed in order of joining. */
    @Test
    public void the_desired_servers_are_listed_in_order_of_joining() throws Exception {
        ManagedServerPool pool = ready();

        await().value(pool.add(1, List.of("0 first by name")));

        assertThat(pool.desired()).containsExactly("A", "B", "C", "0 first by name");
    }

    /** Law: added servers must be ready when the addition completes. */
    @Test
    public void added_servers_are_ready_when_the_addition_completes() throws Exception {
        ManagedServerPool pool = ready();

        PoolChange change = await().value(pool.add(2, List.of("D", "E")));

        assertThat(change.servers())
                .containsExactly(new ServerChange("D", Outcome.ADDED, ""), new ServerChange("E", Outcome.ADDED, ""));
        assertThat(change.desired()).containsExactly("A", "B", "C", "D", "E");
        assertThat(readyIds(pool.membership())).contains("D", "E");
    }

    /** Law: added servers without a given id must get distinct ids. */
    @Test
    public void unnamed_servers_get_distinct_random_ids() throws Exception {
        ManagedServerPool pool = ready();

        PoolChange change = await().value(pool.add(3, List.of("D")));

        assertThat(change.servers()).hasSize(3).allMatch(one -> one.outcome() == Outcome.ADDED);
        assertThat(change.servers().get(0).id()).isEqualTo("D");
        assertThat(change.desired()).hasSize(6).doesNotHaveDuplicates();
    }

    /** Law: removed servers must not be ready when the removal completes, and listeners must know. */
    @Test
    public void removed_servers_are_not_ready_when_the_removal_completes() throws Exception {
        ManagedServerPool pool = ready();
        List<Membership> received = new CopyOnWriteArrayList<>();
        var subscription = pool.subscribe(received::add);
        await().until("a snapshot is received", () -> !received.isEmpty());

        PoolChange change = await().value(pool.remove(1, List.of("B")));

        assertThat(change.servers()).containsExactly(new ServerChange("B", Outcome.REMOVED, ""));
        assertThat(change.desired()).containsExactly("A", "C");
        assertThat(readyIds(pool.membership())).containsExactly("A", "C");
        assertThat(readyIds(received.get(received.size() - 1))).containsExactly("A", "C");
        subscription.close();
    }

    /** Law: servers to remove without a given id must be chosen among the other desired servers. */
    @Test
    public void unnamed_servers_of_a_removal_are_chosen_among_the_others() throws Exception {
        ManagedServerPool pool = ready();

        PoolChange change = await().value(pool.remove(2, List.of("C")));

        assertThat(change.servers().get(0).id()).isEqualTo("C");
        assertThat(change.servers().get(1).id()).isIn("A", "B");
        assertThat(change.desired()).hasSize(1);
    }

    /** Law: a removed server must be draining until every listener has released its instance, and then be gone. */
    @Test
    public void a_removed_server_drains_until_every_listener_has_released_it() throws Exception {
        ManagedServerPool pool = ready();
        List<Server> releasing = new CopyOnWriteArrayList<>();
        CompletableFuture<DrainResult> released = new CompletableFuture<>();
        long generation = generation(pool, "A");
        var subscription = pool.subscribe(new PoolListener() {
            @Override
            public void changed(Membership membership) {}

            @Override
            public CompletionStage<DrainResult> release(Server server, Duration within) {
                releasing.add(server);
                return released;
            }
        });

        await().value(pool.remove(1, List.of("A")));
        await().until("the listener is asked to release the server", () -> !releasing.isEmpty());

        assertThat(releasing.get(0).id()).isEqualTo("A");
        assertThat(releasing.get(0).state()).isEqualTo(Server.State.DRAINING);
        assertThat(releasing.get(0).instance().orElseThrow().generation()).isEqualTo(generation);
        assertThat(pool.membership().server("A").orElseThrow().state()).isEqualTo(Server.State.DRAINING);
        released.complete(new DrainResult(1, 0));
        await().until("A is gone", () -> pool.membership().server("A").isEmpty());
        subscription.close();
    }

    /** Law: a replaced server must keep its id, weight and labels, and get a greater generation. */
    @Test
    public void a_replaced_server_keeps_its_id_and_labels_and_gets_a_greater_generation() throws Exception {
        ManagedServerPool pool = ready();
        Member before = Member.of(pool.membership().server("B").orElseThrow());
        long generation = generation(pool, "B");
        long fingerprint = pool.membership().fingerprint();

        PoolChange change = await().value(pool.replace("B"));

        assertThat(change.servers()).containsExactly(new ServerChange("B", Outcome.REPLACED, ""));
        assertThat(generation(pool, "B")).isGreaterThan(generation);
        assertThat(Member.of(pool.membership().server("B").orElseThrow())).isEqualTo(before);
        assertThat(pool.membership().fingerprint()).isEqualTo(fingerprint);
        assertThat(pool.desired()).containsExactly("A", "B", "C");
    }

    /** Law: the old instance must be ready until the new one is. */
    @Test
    public void a_server_stays_ready_while_it_is_replaced() throws Exception {
        ManagedServerPool pool = ready();
        List<Membership> received = new CopyOnWriteArrayList<>();
        var subscription = pool.subscribe(received::add);

        await().value(pool.replace("B"));

        assertThat(received).allMatch(membership -> readyIds(membership).contains("B"));
        subscription.close();
    }

    /** Law: replacing all servers must replace one after the other, in order of joining. */
    @Test
    public void replacing_all_gives_every_server_a_new_instance_in_order() throws Exception {
        ManagedServerPool pool = ready();
        List<Long> before = List.of(generation(pool, "A"), generation(pool, "B"), generation(pool, "C"));

        PoolChange change = await().value(pool.replaceAll());

        assertThat(change.servers())
                .extracting(ServerChange::id, ServerChange::outcome)
                .containsExactly(
                        tuple("A", Outcome.REPLACED), tuple("B", Outcome.REPLACED), tuple("C", Outcome.REPLACED));
        assertThat(generation(pool, "A")).isGreaterThan(before.get(0));
        assertThat(generation(pool, "B")).isGreaterThan(generation(pool, "A"));
        assertThat(generation(pool, "C")).isGreaterThan(generation(pool, "B"));
    }

    /** Law: a resize must add or remove servers until the requested size is reached. */
    @Test
    public void resizing_adds_or_removes_until_the_size_is_right() throws Exception {
        ManagedServerPool pool = ready();

        assertThat(await().value(pool.resize(5)).desired()).hasSize(5).startsWith("A", "B", "C");
        assertThat(await().value(pool.resize(5)).servers()).isEmpty();
        assertThat(await().value(pool.resize(1)).desired()).hasSize(1);
        assertThat(await().value(pool.resize(0)).desired()).isEmpty();
    }

    /** Law: a preview must return the change and must not carry it out. */
    @Test
    public void a_preview_changes_nothing() throws Exception {
        ManagedServerPool pool = ready();
        Membership before = pool.membership();

        MembershipChange more = await().value(pool.preview(true, 2, List.of("D")));
        MembershipChange less = await().value(pool.preview(false, 2, List.of("B")));

        assertThat(more.put()).hasSize(2);
        assertThat(more.put().get(0).id()).isEqualTo("D");
        assertThat(less.removed()).hasSize(2).contains("B");
        assertThat(pool.membership()).isEqualTo(before);
        assertThat(pool.desired()).containsExactly("A", "B", "C");
    }

    /** Law: the members of a preview must be those after the change itself. */
    @Test
    public void a_preview_returns_the_members_of_the_change() throws Exception {
        ManagedServerPool pool = ready();

        List<Member> previewed = await().value(pool.preview(true, 1, List.of("D")))
                .applyTo(pool.membership().members());
        await().value(pool.add(1, List.of("D")));

        assertThat(pool.membership().members()).isEqualTo(previewed);
    }

    /** Law: an invalid change must be refused as a whole with its reason. */
    @Test
    public void an_invalid_change_is_refused_and_has_no_effect() throws Exception {
        ManagedServerPool pool = ready();
        Membership before = pool.membership();
        int tooMany = pool.maxServers() - 2;

        refused(Reason.BAD_COUNT, () -> await().value(pool.add(0, List.of())));
        refused(Reason.BAD_COUNT, () -> await().value(pool.remove(-1, List.of())));
        refused(Reason.BAD_COUNT, () -> await().value(pool.resize(-1)));
        refused(Reason.MORE_IDS_THAN_SERVERS, () -> await().value(pool.add(1, List.of("D", "E"))));
        refused(Reason.MORE_IDS_THAN_SERVERS, () -> await().value(pool.remove(1, List.of("A", "B"))));
        refused(Reason.BAD_ID, () -> await().value(pool.add(2, List.of("D", " E"))));
        refused(Reason.ID_TWICE, () -> await().value(pool.add(2, List.of("D", "D"))));
        refused(Reason.ID_TAKEN, () -> await().value(pool.add(2, List.of("D", "B"))));
        refused(Reason.UNKNOWN_ID, () -> await().value(pool.remove(2, List.of("A", "D"))));
        refused(Reason.UNKNOWN_ID, () -> await().value(pool.replace("D")));
        refused(Reason.TOO_MANY, () -> await().value(pool.add(tooMany, List.of())));
        refused(Reason.TOO_MANY, () -> await().value(pool.resize(pool.maxServers() + 1)));
        refused(Reason.TOO_FEW, () -> await().value(pool.remove(4, List.of())));
        refused(Reason.TOO_MANY, () -> await().value(pool.preview(true, tooMany, List.of())));
        refused(Reason.TOO_FEW, () -> await().value(pool.preview(false, 4, List.of())));

        assertThat(pool.membership()).isEqualTo(before);
        assertThat(pool.desired()).containsExactly("A", "B", "C");
    }

    /** Law: a closed pool must refuse every change. */
    @Test
    public void a_closed_pool_refuses_every_change() throws Exception {
        ManagedServerPool pool = ready();

        await().blocking(pool::close);

        refused(Reason.CLOSED, () -> await().value(pool.add(1, List.of())));
        refused(Reason.CLOSED, () -> await().value(pool.remove(1, List.of())));
        refused(Reason.CLOSED, () -> await().value(pool.replace("A")));
        refused(Reason.CLOSED, () -> await().value(pool.resize(1)));
        refused(Reason.CLOSED, () -> await().value(pool.replaceAll()));
    }

    /** Law: concurrent changes must be carried out in order; an id is taken as soon as its addition is accepted. */
    @Test
    public void concurrent_changes_are_carried_out_in_order() throws Exception {
        ManagedServerPool pool = ready();

        CompletionStage<PoolChange> added = pool.add(1, List.of("D"));
        CompletionStage<PoolChange> again = pool.add(1, List.of("D"));
        CompletionStage<PoolChange> removed = pool.remove(1, List.of("A"));

        refused(Reason.ID_TAKEN, () -> await().value(again));
        assertThat(await().value(removed).complete()).isTrue();
        assertThat(await().value(added).complete()).isTrue();
        assertThat(pool.desired()).containsExactly("B", "C", "D");
    }

    /** Law: an id that left must be able to join again, with a greater generation. */
    @Test
    public void an_id_may_join_again_after_it_left() throws Exception {
        ManagedServerPool pool = ready();
        long generation = generation(pool, "A");

        await().value(pool.remove(1, List.of("A")));
        await().value(pool.add(1, List.of("A")));

        assertThat(generation(pool, "A")).isGreaterThan(generation);
        assertThat(pool.desired()).containsExactly("B", "C", "A");
    }

    private static void refused(Reason reason, ThrowingCallable change) {
        assertThatThrownBy(change)
                .isInstanceOfSatisfying(
                        PoolChangeRefusedException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    /** Law: a removal must complete, and its servers must go, even if listeners fail during the drain. */
    @Test
    public void a_drain_ends_even_if_its_listeners_fail() throws Exception {
        ManagedServerPool pool = ready();
        for (Misbehaviour how : Misbehaviour.values()) {
            FaultyCalls faults = FaultyCalls.everyCall(how);
            if (how != Misbehaviour.NEVER_COMPLETES) { // with it, the drain would last until its timeout
                var unused = pool.subscribe(faults.wrap(PoolListener.class, membership -> {}));
            }
        }

        PoolChange change = await().value(pool.remove(1, List.of("B")));

        assertThat(change.complete()).isTrue();
        await().until("the server is gone", () -> pool.membership().server("B").isEmpty());
        assertThat(readyIds(pool.membership())).containsExactly("A", "C");
    }
}
