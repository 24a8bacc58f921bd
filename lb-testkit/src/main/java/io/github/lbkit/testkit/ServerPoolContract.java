package io.github.lbkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The laws of a {@link ServerPool}. A test of a pool extends this suite; if the pool runs on a {@link ManualScheduler},
 * the test also overrides {@link #await}.
 *
 * <pre>{@code
 * class MyPoolTest extends ServerPoolContract {
 *     @Override
 *     protected ServerPool open() {
 *         return new MyPool(Runtimes.system());
 *     }
 * }
 * }</pre>
 */
public abstract class ServerPoolContract {
    private final List<ServerPool> opened = new ArrayList<>();

    /** Creates the suite. */
    protected ServerPoolContract() {}

    /** Opens a new pool that has, or soon has, a ready server. */
    protected abstract ServerPool open() throws Exception;

    /** Returns the wait of the tests, in real time by default. */
    protected Await await() {
        return Await.inRealTime();
    }

    /** Opens a pool that is closed after the test. */
    protected final ServerPool pool() throws Exception {
        ServerPool pool = open();
        opened.add(pool);
        return pool;
    }

    /** Closes all pools of the test. */
    @AfterEach
    public final void closePools() {
        for (ServerPool pool : opened) {
            await().blocking(pool::close);
        }
    }

    /** Law: a pool must have a name that is not blank. */
    @Test
    public void it_has_a_name() throws Exception {
        assertThat(pool().name()).isNotBlank();
    }

    /** Law: {@code ready()} must complete with a known membership, which the pool then has. */
    @Test
    public void ready_completes_with_the_first_known_membership() throws Exception {
        ServerPool pool = pool();

        Membership first = await().value(pool.ready());

        assertThat(first.isKnown()).isTrue();
        assertThat(pool.membership().version()).isGreaterThanOrEqualTo(first.version());
        assertThat(first.servers()).anyMatch(server -> server.state() == Server.State.READY);
    }

    /** Law: cancelling one stage of {@code ready()} must not affect other callers. */
    @Test
    public void cancelling_one_ready_stage_does_not_affect_the_next() throws Exception {
        ServerPool pool = pool();

        pool.ready().toCompletableFuture().cancel(true);

        assertThat(await().value(pool.ready()).isKnown()).isTrue();
    }

    /** Law: a new subscriber must receive the newest snapshot, but never within the call of {@code subscribe}. */
    @Test
    public void a_subscriber_receives_the_newest_snapshot_and_never_inside_subscribe() throws Exception {
        ServerPool pool = pool();
        await().value(pool.ready());
        AtomicBoolean subscribing = new AtomicBoolean(true);
        Thread subscriber = Thread.currentThread();
        AtomicBoolean inside = new AtomicBoolean();
        List<Membership> received = new CopyOnWriteArrayList<>();

        Subscription subscription = pool.subscribe(membership -> {
            if (subscribing.get() && Thread.currentThread() == subscriber) {
                inside.set(true);
            }
            received.add(membership);
        });
        subscribing.set(false);
        await().until("a snapshot is received", () -> !received.isEmpty());

        assertThat(inside)
                .as("the pool must not call a listener within subscribe")
                .isFalse();
        assertThat(received.get(received.size() - 1).version())
                .isEqualTo(pool.membership().version());
        subscription.close();
    }

    /** Law: each listener must receive strictly rising versions. */
    @Test
    public void no_version_is_received_twice_or_out_of_order() throws Exception {
        ServerPool pool = pool();
        List<Long> versions = new CopyOnWriteArrayList<>();

        Subscription subscription = pool.subscribe(membership -> versions.add(membership.version()));
        await().value(pool.ready());
        await().until(
                        "the newest is received",
                        () -> versions.contains(pool.membership().version()));

        assertThat(versions)
                .as("versions that a listener received")
                .isSorted()
                .doesNotHaveDuplicates()
                .allMatch(version -> version > 0);
        subscription.close();
    }

    /** Law: an exception of one listener must not affect other listeners. */
    @Test
    public void a_listener_that_throws_does_not_affect_others() throws Exception {
        ServerPool pool = pool();
        await().value(pool.ready());
        AtomicInteger thrown = new AtomicInteger();
        List<Membership> received = new CopyOnWriteArrayList<>();
        PoolListener throwing = membership -> {
            thrown.incrementAndGet();
            throw new IllegalStateException("an exception of a listener that the test injected");
        };

        Subscription first = pool.subscribe(throwing);
        Subscription second = pool.subscribe(received::add);
        await().until("the other listener receives a snapshot", () -> !received.isEmpty());

        assertThat(thrown).hasValueGreaterThan(0);
        first.close();
        second.close();
    }

    /** Law: a closed subscription must receive no snapshot, and closing it again must have no effect. */
    @Test
    public void a_closed_subscription_receives_nothing_and_can_be_closed_again() throws Exception {
        ServerPool pool = pool();
        await().value(pool.ready());
        List<Membership> received = new CopyOnWriteArrayList<>();
        List<Membership> other = new CopyOnWriteArrayList<>();

        Subscription subscription = pool.subscribe(received::add);
        await().until("a snapshot is received", () -> !received.isEmpty());
        subscription.close();
        subscription.close();
        int before = received.size();
        Subscription later = pool.subscribe(other::add);
        await().until("another listener receives a snapshot", () -> !other.isEmpty());

        assertThat(received).as("snapshots of a closed subscription").hasSize(before);
        later.close();
    }

    /** Law: {@code membership()} must return the same object until the version changes. */
    @Test
    public void membership_is_the_same_snapshot_until_it_changes() throws Exception {
        ServerPool pool = pool();
        await().value(pool.ready());

        Membership one = pool.membership();
        Membership two = pool.membership();

        assertThat(two.version() == one.version()).isEqualTo(two == one);
    }

    /** Law: the age must not be negative. */
    @Test
    public void the_age_is_not_negative() throws Exception {
        ServerPool pool = pool();
        await().value(pool.ready());

        assertThat(pool.age()).isGreaterThanOrEqualTo(Duration.ZERO);
    }

    /** Law: {@code close()} must return, keep the last membership, and have no effect the second time. */
    @Test
    public void close_returns_and_has_no_effect_the_second_time() throws Exception {
        ServerPool pool = pool();
        await().value(pool.ready());

        await().blocking(pool::close);
        Membership last = pool.membership();
        await().blocking(pool::close);

        assertThat(pool.membership()).isEqualTo(last);
    }
}
