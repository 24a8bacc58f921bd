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
 * What every {@link ServerPool} promises. A pool's own test extends this, opens a new pool in {@link #open}, and says by
 * {@link #await} how time passes.
 */
public abstract class ServerPoolContract {
    private final List<ServerPool> opened = new ArrayList<>();

    /** For subclasses. */
    protected ServerPoolContract() {}

    /** A new pool that has, or soon will have, at least one server that is ready. */
    protected abstract ServerPool open() throws Exception;

    /** How time passes while something is awaited; in real time unless overridden. */
    protected Await await() {
        return Await.inRealTime();
    }

    /** A new pool, closed after the test. */
    protected final ServerPool pool() throws Exception {
        ServerPool pool = open();
        opened.add(pool);
        return pool;
    }

    /** Closes what the test has opened. */
    @AfterEach
    public final void closePools() {
        for (ServerPool pool : opened) {
            await().blocking(pool::close);
        }
    }

    /** A pool says its name. */
    @Test
    public void it_has_a_name() throws Exception {
        assertThat(pool().name()).isNotBlank();
    }

    /** The first membership is known, and the pool has it. */
    @Test
    public void ready_completes_with_the_first_membership_that_says_something() throws Exception {
        ServerPool pool = pool();

        Membership first = await().value(pool.ready());

        assertThat(first.isKnown()).isTrue();
        assertThat(pool.membership().version()).isGreaterThanOrEqualTo(first.version());
        assertThat(first.servers()).anyMatch(server -> server.state() == Server.State.READY);
    }

    /** What one asker does with its stage is nothing to the next. */
    @Test
    public void a_cancelled_ready_stage_harms_no_other() throws Exception {
        ServerPool pool = pool();

        pool.ready().toCompletableFuture().cancel(true);

        assertThat(await().value(pool.ready()).isKnown()).isTrue();
    }

    /** Subscribing leads to a call soon, on a call stack of its own. */
    @Test
    public void a_subscriber_hears_the_newest_snapshot_soon_and_never_inside_subscribe() throws Exception {
        ServerPool pool = pool();
        await().value(pool.ready());
        AtomicBoolean subscribing = new AtomicBoolean(true);
        Thread subscriber = Thread.currentThread();
        AtomicBoolean inside = new AtomicBoolean();
        List<Membership> heard = new CopyOnWriteArrayList<>();

        Subscription subscription = pool.subscribe(membership -> {
            if (subscribing.get() && Thread.currentThread() == subscriber) {
                inside.set(true);
            }
            heard.add(membership);
        });
        subscribing.set(false);
        await().until("a snapshot is heard", () -> !heard.isEmpty());

        assertThat(inside).isFalse();
        assertThat(heard.get(heard.size() - 1).version())
                .isEqualTo(pool.membership().version());
        subscription.close();
    }

    /** Versions rise strictly for each listener. */
    @Test
    public void no_version_is_heard_twice_or_out_of_order() throws Exception {
        ServerPool pool = pool();
        List<Long> versions = new CopyOnWriteArrayList<>();

        Subscription subscription = pool.subscribe(membership -> versions.add(membership.version()));
        await().value(pool.ready());
        await().until(
                        "the newest is heard",
                        () -> versions.contains(pool.membership().version()));

        assertThat(versions).isSorted().doesNotHaveDuplicates().allMatch(version -> version > 0);
        subscription.close();
    }

    /** One listener's failure is its own. */
    @Test
    public void a_listener_that_throws_harms_no_other() throws Exception {
        ServerPool pool = pool();
        await().value(pool.ready());
        AtomicInteger thrown = new AtomicInteger();
        List<Membership> heard = new CopyOnWriteArrayList<>();
        PoolListener broken = membership -> {
            thrown.incrementAndGet();
            throw new IllegalStateException("a listener that throws, as the test wants it");
        };

        Subscription first = pool.subscribe(broken);
        Subscription second = pool.subscribe(heard::add);
        await().until("the other hears", () -> !heard.isEmpty());

        assertThat(thrown).hasValueGreaterThan(0);
        first.close();
        second.close();
    }

    /** After the subscription there is silence. */
    @Test
    public void a_closed_subscription_hears_nothing_and_can_be_closed_again() throws Exception {
        ServerPool pool = pool();
        await().value(pool.ready());
        List<Membership> heard = new CopyOnWriteArrayList<>();
        List<Membership> other = new CopyOnWriteArrayList<>();

        Subscription subscription = pool.subscribe(heard::add);
        await().until("a snapshot is heard", () -> !heard.isEmpty());
        subscription.close();
        subscription.close();
        int before = heard.size();
        Subscription later = pool.subscribe(other::add);
        await().until("another hears a snapshot", () -> !other.isEmpty());

        assertThat(heard).hasSize(before);
        later.close();
    }

    /** Asking costs nothing and keeps its answer. */
    @Test
    public void membership_is_the_same_snapshot_until_it_changes() throws Exception {
        ServerPool pool = pool();
        await().value(pool.ready());

        Membership one = pool.membership();
        Membership two = pool.membership();

        assertThat(two.version() == one.version()).isEqualTo(two == one);
    }

    /** A pool that answers is not old. */
    @Test
    public void the_age_is_not_negative() throws Exception {
        ServerPool pool = pool();
        await().value(pool.ready());

        assertThat(pool.age()).isGreaterThanOrEqualTo(Duration.ZERO);
    }

    /** Closing ends, and a second time there is nothing to do. */
    @Test
    public void close_returns_and_does_nothing_the_second_time() throws Exception {
        ServerPool pool = pool();
        await().value(pool.ready());

        await().blocking(pool::close);
        Membership last = pool.membership();
        await().blocking(pool::close);

        assertThat(pool.membership()).isEqualTo(last);
    }
}
