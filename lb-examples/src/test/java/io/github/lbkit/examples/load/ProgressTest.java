package io.github.lbkit.examples.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final StringWriter out = new StringWriter();
    private final AtomicLong clock = new AtomicLong();

    private Progress progress(boolean terminal) {
        return Progress.of(new PrintWriter(out), terminal, clock::get);
    }

    private void answer(Progress progress, int count, Duration each) {
        for (int i = 0; i < count; i++) {
            clock.addAndGet(each.toNanos());
            progress.answered(clock.get(), 200, Optional.of("S1"));
        }
    }

    @Test
    void a_terminal_gets_a_bar_with_rate_and_remaining_time() {
        Progress progress = progress(true);
        progress.begin("3 servers", 1000);

        answer(progress, 500, Duration.ofMillis(10));

        String last = out.toString().substring(out.toString().lastIndexOf('\r') + 1);
        assertThat(last).contains("3 servers [######      ] 500/1,000", "100/s", "5 s left");
        assertThat(out.toString().split("\r", -1)).hasSizeLessThan(60);
    }

    @Test
    void elsewhere_a_load_is_one_line_that_counts_failures() {
        Progress progress = progress(false);
        progress.begin("3 servers", 10);

        answer(progress, 8, Duration.ofMillis(100));
        progress.answered(clock.get(), 503, Optional.empty());
        progress.failed(clock.get(), LoadFailure.CONNECT);
        progress.end();

        assertThat(out.toString()).isEqualTo("3 servers: 10 requests in 0.8 s, 12/s, 2 failed\n");
    }

    @Test
    void a_bar_gives_way_to_the_line_of_its_end() {
        Progress progress = progress(true);
        progress.begin("load", 2);

        answer(progress, 2, Duration.ofSeconds(1));
        progress.end();

        assertThat(out.toString()).endsWith("\r\u001b[Kload: 2 requests in 2.0 s, 1/s, none failed\n");
    }
}
