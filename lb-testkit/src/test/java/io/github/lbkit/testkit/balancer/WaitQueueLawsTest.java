package io.github.lbkit.testkit.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.NoServer;
import io.github.lbkit.api.Pick;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.WaitQueue;
import io.github.lbkit.api.policy.RandomChoice;
import io.github.lbkit.testkit.Await;
import io.github.lbkit.testkit.ManualScheduler;
import io.github.lbkit.testkit.ScriptedPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

/** Laws of a wait queue under random steps on several threads. */
class WaitQueueLawsTest {
    private static final Duration MAX_WAIT = Duration.ofSeconds(1);
    private static final int MOST = 8;

    /** One thread does anything to a balancer with a queue, on time that stands still. */
    private static final class Machine {
        final ManualScheduler scheduler = new ManualScheduler();
        final ScriptedPool pool = new ScriptedPool("laws");
        final Random random;
        final int cap;
        final int poolCap;
        final LoadBalancer balancer;
        final WaitQueue queue;
        final List<Attempt> held = new ArrayList<>();
        final List<CompletableFuture<Pick>> waiting = new ArrayList<>();
        int servers = 2;

        Machine(long seed) {
            random = new Random(seed);
            cap = 1 + random.nextInt(2);
            poolCap = 2 + random.nextInt(5);
            balancer = LoadBalancer.builder(pool, new RandomChoice())
                    .runtimes(scheduler.asRuntimes())
                    .random(random::nextLong)
                    .maxInFlightPerServer(cap)
                    .maxInFlight(poolCap)
                    .build();
            queue = new WaitQueue(balancer, new WaitQueue.Settings(MOST, MAX_WAIT, false));
            publish();
        }

        void publish() {
            Server[] all = new Server[servers];
            for (int i = 0; i < servers; i++) {
                all[i] = server(i);
            }
            pool.publish(all);
        }

        void step() {
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> ask();
                case 3, 4 -> end();
                case 5 -> cancel();
                case 6 -> scheduler.advance(Duration.ofMillis(random.nextInt(400)));
                default -> {
                    servers = 1 + random.nextInt(4);
                    publish();
                }
            }
            collect();
        }

        private void ask() {
            CompletableFuture<Pick> turn = queue.next(balancer.call(Key.none()));
            waiting.add(turn);
            if (turn.isDone() && turn.join() instanceof NoServer none) {
                assertThat(none.reason()).isEqualTo(NoServer.Reason.QUEUE_FULL);
                assertThat(queue.waiting()).isEqualTo(MOST);
            }
        }

        private void end() {
            if (!held.isEmpty()) {
                held.remove(random.nextInt(held.size())).succeeded();
            }
        }

        private void cancel() {
            if (!waiting.isEmpty()) {
                waiting.remove(random.nextInt(waiting.size())).cancel(false);
            }
        }

        /** Those that are served are the first of those that waited. */
        private void collect() {
            boolean someoneWaits = false;
            for (Iterator<CompletableFuture<Pick>> turns = waiting.iterator(); turns.hasNext(); ) {
                CompletableFuture<Pick> turn = turns.next();
                if (!turn.isDone()) {
                    someoneWaits = true;
                } else {
                    turns.remove();
                    if (turn.join() instanceof Attempt attempt) {
                        assertThat(someoneWaits)
                                .as("served before one that came earlier")
                                .isFalse();
                        held.add(attempt);
                    }
                }
            }
        }

        void check() {
            assertThat(queue.waiting()).isEqualTo(waiting.size()).isLessThanOrEqualTo(MOST);
            assertThat(held.size()).isLessThanOrEqualTo(poolCap);
            assertThat(balancer.servers()).allMatch(s -> s.inFlight() <= cap);
            boolean free = held.size() < poolCap && balancer.servers().stream().anyMatch(s -> s.inFlight() < cap);
            assertThat(free && !waiting.isEmpty())
                    .as("somebody waits for a server that is free")
                    .isFalse();
        }

        void finish() {
            held.forEach(Attempt::succeeded);
            held.clear();
            collect();
            while (!held.isEmpty()) {
                end();
                collect();
            }
            assertThat(queue.waiting()).isZero();
            balancer.close();
        }
    }

    private static Server server(int number) {
        return Server.ready("s" + number, new Instance("i" + number, Address.of("127.0.0.1", 9000), 1));
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void no_call_waits_while_a_server_is_free_and_calls_are_served_in_order(@ForAll long seed) {
        Machine machine = new Machine(seed);

        for (int i = 0; i < 200; i++) {
            machine.step();
            machine.check();
        }

        machine.finish();
    }

    /** A wake-up that is lost leaves somebody waiting for the whole minute, which fails the test. */
    @Property(tries = 40, shrinking = ShrinkingMode.OFF)
    void with_many_threads_no_wake_up_is_lost(
            @ForAll @IntRange(min = 1, max = 3) int servers,
            @ForAll @IntRange(min = 1, max = 5) int poolCap,
            @ForAll long seed)
            throws Exception {
        int threads = 4;
        int callsEach = 500;
        ScriptedPool pool = new ScriptedPool("threads");
        Server[] all = new Server[servers];
        for (int i = 0; i < servers; i++) {
            all[i] = server(i);
        }
        pool.publish(all);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        ConcurrentLinkedQueue<Attempt> served = new ConcurrentLinkedQueue<>();
        AtomicInteger over = new AtomicInteger();
        try (LoadBalancer balancer = LoadBalancer.builder(pool, new RandomChoice())
                        .maxInFlightPerServer(1)
                        .maxInFlight(poolCap)
                        .build();
                WaitQueue queue = new WaitQueue(
                        balancer, new WaitQueue.Settings(threads * callsEach, Duration.ofMinutes(5), false))) {
            for (int t = 0; t < threads; t++) {
                Random random = new Random(seed + t);
                executor.execute(() -> {
                    for (int i = 0; i < callsEach; i++) {
                        CompletableFuture<Pick> turn = queue.next(balancer.call(Key.none()));
                        var unused = turn.whenComplete((pick, failure) -> {
                            over.incrementAndGet();
                            if (pick instanceof Attempt attempt) {
                                served.add(attempt);
                            }
                        });
                        if (random.nextInt(5) == 0) {
                            turn.cancel(false);
                        }
                        for (Attempt done = served.poll(); done != null; done = served.poll()) {
                            done.succeeded();
                        }
                    }
                });
            }

            Await.inRealTime().until("every call has had its turn", () -> {
                for (Attempt done = served.poll(); done != null; done = served.poll()) {
                    done.succeeded();
                }
                return over.get() == threads * callsEach;
            });
            Await.inRealTime().until("nothing in flight", () -> {
                for (Attempt done = served.poll(); done != null; done = served.poll()) {
                    done.succeeded();
                }
                return balancer.servers().stream().allMatch(s -> s.inFlight() == 0);
            });
            assertThat(queue.waiting()).isZero();
        } finally {
            executor.shutdownNow();
        }
    }
}
