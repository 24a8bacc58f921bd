package io.github.lbkit.examples.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** A log whose output blocks or fails. */
class LogQueueTest {
    private static final Pattern REPORT =
            Pattern.compile("(\\d+) lines of the log were dropped because its output was blocked, (\\d+) of them");
    private static final long LONG = TimeUnit.SECONDS.toNanos(20);

    private final StringBuilder written = new StringBuilder(); // read when the queue has been flushed
    private final CountDownLatch gate = new CountDownLatch(1);

    private void blocked(String text) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        written.append(text);
    }

    private static LogLine line(Level level, String message) {
        return new LogLine(0, level, "a.B", "t", message, Map.of(), null);
    }

    private long lines(String containing) {
        return written.toString().lines().filter(l -> l.contains(containing)).count();
    }

    private long reported() {
        Matcher matcher = REPORT.matcher(written);
        long sum = 0;
        while (matcher.find()) {
            sum += Long.parseLong(matcher.group(1));
        }
        return sum;
    }

    @Test
    void a_blocked_output_delays_no_caller_and_every_line_is_written_or_reported_and_no_warning_is_lost() {
        LogQueue queue = new LogQueue(this::blocked);
        for (int i = 0; i < 50_000; i++) {
            queue.add(line(Level.INFO, "info " + i));
        }
        for (int i = 0; i < 1_000; i++) {
            queue.add(line(Level.WARN, "warning " + i));
        }
        long dropped = queue.dropped();
        assertThat(dropped).isBetween(1L, 49_999L);

        gate.countDown();
        assertThat(queue.flush(LONG)).isTrue();

        assertThat(lines("warning ")).isEqualTo(1_000);
        assertThat(lines("info ")).isEqualTo(50_000 - dropped);
        assertThat(reported()).isEqualTo(dropped);
    }

    @Test
    void warnings_that_find_the_queue_full_are_counted_and_reported_as_warnings() {
        LogQueue queue = new LogQueue(this::blocked);
        for (int i = 0; i < 50_000; i++) {
            queue.add(line(Level.ERROR, "error " + i));
        }
        long dropped = queue.dropped();
        assertThat(dropped).isPositive();

        gate.countDown();
        assertThat(queue.flush(LONG)).isTrue();

        assertThat(lines("error ")).isEqualTo(50_000 - dropped);
        assertThat(written)
                .contains(dropped + " lines of the log were dropped because its output was blocked, " + dropped
                        + " of them WARN or above");
    }

    @Test
    void lines_of_the_access_log_wait_for_room_and_none_is_dropped() throws Exception {
        LogQueue queue = new LogQueue(this::blocked);
        Thread access = new Thread(() -> {
            for (int i = 0; i < 50_000; i++) {
                queue.add(new LogLine(0, Level.INFO, AccessFields.LOGGER, "t", "access " + i, Map.of(), null));
            }
        });
        access.start();

        gate.countDown();
        access.join();
        assertThat(queue.flush(LONG)).isTrue();

        assertThat(queue.dropped()).isZero();
        assertThat(lines("access ")).isEqualTo(50_000);
    }

    @Test
    void an_output_that_throws_costs_its_lines_which_the_next_line_reports() {
        AtomicBoolean broken = new AtomicBoolean(true);
        LogQueue queue = new LogQueue(text -> {
            if (broken.get()) {
                throw new IllegalStateException("no output today");
            }
            written.append(text);
        });
        queue.add(line(Level.WARN, "lost"));
        assertThat(queue.flush(LONG)).isTrue();
        broken.set(false);

        queue.add(line(Level.INFO, "kept"));
        assertThat(queue.flush(LONG)).isTrue();

        assertThat(lines("kept")).isEqualTo(1);
        assertThat(reported()).isEqualTo(1);
    }

    @Test
    void an_exception_whose_stack_cannot_be_printed_costs_its_stack_alone() {
        LogQueue queue = new LogQueue(written::append);
        RuntimeException hostile = new RuntimeException() {
            private static final long serialVersionUID = 1;

            @Override
            public String getMessage() {
                throw new IllegalStateException("not even this");
            }
        };

        queue.add(new LogLine(0, Level.ERROR, "a.B", "t", "failed", Map.of(), hostile));
        queue.add(line(Level.INFO, "next"));
        assertThat(queue.flush(LONG)).isTrue();

        assertThat(List.of(lines("failed"), lines("next"))).containsOnly(1L);
    }
}
