package io.github.lbkit.testkit.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.pool.spi.ListedServer;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.runtime.Scheduler;
import io.github.lbkit.testkit.ManualScheduler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** A polled pool with a source that a user has written. */
class CustomSourceTest {
    private static final Address ADDRESS = Address.of("127.0.0.1", 9001);

    private final ManualScheduler scheduler = new ManualScheduler();
    private final Answers answers = new Answers();

    private static ListedServer listed(String id, String instance, boolean serves) {
        return new ListedServer(id, ADDRESS, 1, Map.of(), instance, serves);
    }

    @Test
    void another_instance_at_the_same_address_is_a_new_generation() {
        answers.servers = List.of(listed("S1", "first", true));
        try (Pool pool = new Pool(scheduler, answers)) {
            scheduler.advance(Duration.ofMillis(1));
            long first = generation(pool);

            answers.servers = List.of(listed("S1", "second", true));
            scheduler.advance(Duration.ofMinutes(1));

            assertThat(generation(pool)).isGreaterThan(first);
        }
    }

    @Test
    void a_server_that_does_not_serve_is_down_and_keeps_its_instance() {
        answers.servers = List.of(listed("S1", "first", true));
        try (Pool pool = new Pool(scheduler, answers)) {
            scheduler.advance(Duration.ofMillis(1));
            long before = generation(pool);

            answers.servers = List.of(listed("S1", "first", false));
            scheduler.advance(Duration.ofMinutes(1));

            assertThat(pool.membership().server("S1").orElseThrow().state()).isEqualTo(Server.State.DOWN);
            assertThat(generation(pool)).isEqualTo(before);
        }
    }

    @Test
    void a_hint_is_followed_at_once() {
        answers.servers = List.of(listed("S1", "first", true));
        try (Pool pool = new Pool(scheduler, answers)) {
            scheduler.advance(Duration.ofMillis(1));

            answers.servers = List.of(listed("S1", "first", true), listed("S2", "other", true));
            pool.somethingHappened();
            scheduler.advance(Duration.ofMillis(1));

            assertThat(pool.membership().servers()).hasSize(2);
        }
    }

    @Test
    void hints_during_a_look_make_one_more_look() {
        answers.slow = true;
        try (Pool pool = new Pool(scheduler, answers)) {
            scheduler.advance(Duration.ofMillis(1));

            pool.somethingHappened();
            pool.somethingHappened();
            scheduler.advance(Duration.ofMillis(1));
            assertThat(answers.asked).hasSize(1);
            answers.asked.get(0).complete(List.of(listed("S1", "first", true)));
            scheduler.advance(Duration.ofMillis(1));

            assertThat(answers.asked).hasSize(2);
            answers.asked.get(1).complete(List.of(listed("S2", "other", true)));
            scheduler.advance(Duration.ofSeconds(9));
            assertThat(answers.asked).hasSize(2);
            scheduler.advance(Duration.ofSeconds(2));
            assertThat(answers.asked).hasSize(3);
        }
    }

    private static long generation(ServerPool pool) {
        return pool.membership()
                .server("S1")
                .orElseThrow()
                .instance()
                .orElseThrow()
                .generation();
    }

    /** A pool of its own, asked every 10 seconds. */
    private static final class Pool extends io.github.lbkit.api.pool.spi.PolledPool {
        Pool(ManualScheduler scheduler, Answers answers) {
            super(
                    new PoolContext("own", scheduler.asRuntimes(), Path.of("unused")),
                    answers,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30));
            begin();
        }

        void somethingHappened() {
            hint();
        }
    }

    private static final class Answers implements io.github.lbkit.api.pool.spi.PolledPool.Source {
        private final List<CompletableFuture<List<ListedServer>>> asked = new ArrayList<>();
        private List<ListedServer> servers = List.of();
        private boolean slow;

        @Override
        public String name() {
            return "answers";
        }

        @Override
        public Duration timeout() {
            return Duration.ofSeconds(5);
        }

        @Override
        public CompletionStage<List<ListedServer>> poll(Scheduler worker) {
            CompletableFuture<List<ListedServer>> answer = new CompletableFuture<>();
            asked.add(answer);
            if (!slow) {
                answer.complete(servers);
            }
            return answer;
        }
    }
}
