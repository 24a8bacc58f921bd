package io.github.lbkit.testkit.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.pool.spi.PollLoop;
import io.github.lbkit.testkit.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The loop that polls a source, with virtual time: an interval of 10 s, 1 s after a failure, 20 ms after a hint. */
class PollLoopTest {
    private final ManualScheduler scheduler = new ManualScheduler();
    private final Polls polls = new Polls();
    private final PollLoop<String> loop = new PollLoop<>(
            scheduler, (failures, hinted) -> Duration.ofMillis(hinted ? 20 : failures == 0 ? 10_000 : 1_000), polls);

    @Test
    void a_source_is_polled_at_the_interval_and_sooner_after_a_failure() {
        loop.hint();
        advance(0);
        polls.answer(0, "a");
        advance(9_999);
        assertThat(polls.begun).hasSize(1);

        advance(1);
        polls.begun.get(1).completeExceptionally(new IllegalStateException("no"));
        advance(999);
        assertThat(polls.begun).hasSize(2);

        advance(1);
        assertThat(polls.begun).hasSize(3);
        assertThat(polls.seen).containsExactly("a 1", "no failed 1");
    }

    @Test
    void hints_during_a_poll_cause_one_more_poll() {
        loop.hint();
        advance(0);
        loop.hint();
        loop.hint();
        advance(1_000);
        assertThat(polls.begun).hasSize(1);

        polls.answer(0, "a");
        loop.hint(); // the poll to come sees this change, too
        advance(20);
        assertThat(polls.begun).hasSize(2);
        polls.answer(1, "b");

        advance(9_999);
        assertThat(polls.begun).hasSize(2);
    }

    @Test
    void an_overdue_answer_is_ignored() {
        loop.hint();
        advance(5_000);
        polls.answer(0, "late");
        advance(0);

        assertThat(polls.seen).containsExactly("no answer within 5000 ms failed 1");
    }

    @Test
    void a_poll_has_failed_if_its_handler_or_the_source_throws() {
        loop.hint();
        advance(0);
        polls.answer(0, "refused");
        advance(0);
        polls.broken = true;
        advance(1_000);

        assertThat(polls.seen).containsExactly("refused failed 1", "broken failed 2");
        advance(1_000);
        assertThat(polls.seen).hasSize(3);
    }

    @Test
    void a_closed_loop_polls_no_more() {
        loop.hint();
        advance(0);
        loop.close();
        polls.answer(0, "a");
        loop.hint();
        advance(60_000);

        assertThat(polls.begun).hasSize(1);
        assertThat(polls.seen).isEmpty();
    }

    private void advance(long millis) {
        scheduler.advance(Duration.ofMillis(millis));
    }

    private static final class Polls implements PollLoop.Source<String> {
        private final List<CompletableFuture<String>> begun = new ArrayList<>();
        private final List<String> seen = new ArrayList<>();
        private boolean broken;

        void answer(int poll, String result) {
            begun.get(poll).complete(result);
        }

        @Override
        public CompletionStage<String> poll() {
            if (broken) {
                throw new IllegalStateException("broken");
            }
            CompletableFuture<String> answer = new CompletableFuture<>();
            begun.add(answer);
            return answer;
        }

        @Override
        public Optional<Duration> timeout() {
            return Optional.of(Duration.ofSeconds(5));
        }

        @Override
        public void polled(String result, long number) {
            if (result.equals("refused")) {
                throw new IllegalArgumentException("refused");
            }
            seen.add(result + " " + number);
        }

        @Override
        public void failed(Throwable failure, int failures) {
            seen.add(failure.getMessage() + " failed " + failures);
        }
    }
}
