package io.github.lbkit.api.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

class RateLimitedLogTest {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final Recorder written = new Recorder();
    private long now = Long.MAX_VALUE - 5; // the clock's origin is arbitrary: it overflows in these tests
    private final RateLimitedLog log = new RateLimitedLog(written, () -> now);

    @Test
    void the_first_line_is_written_at_once_and_those_of_the_next_minute_are_counted() {
        log.warn("S1", "lost", "server {} is lost: {}", "S1", "exit code 1");
        now += MINUTE - 1;
        log.warn("S1", "lost", "server {} is lost: {}", "S1", "exit code 2");
        log.warn("S1", "lost", "server {} is lost: {}", "S1", "exit code 3");
        now += 1;
        log.warn("S1", "lost", "server {} is lost: {}", "S1", "exit code 4");

        assertThat(written.lines)
                .containsExactly(
                        "WARN server S1 is lost: exit code 1",
                        "WARN server S1 is lost: exit code 4 (2 more such lines were left out before this one)");
    }

    @Test
    void other_servers_and_other_kinds_have_lines_of_their_own() {
        log.info("S1", "lost", "one");
        log.info("S2", "lost", "two");
        log.info("S1", "respawned", "three");

        assertThat(written.lines).containsExactly("INFO one", "INFO two", "INFO three");
    }

    @Test
    void an_error_carries_its_cause() {
        Error cause = new AssertionError("broken");

        log.error("Probe", "probe", cause, "{} threw", "Probe");

        assertThat(written.lines).containsExactly("ERROR Probe threw");
        assertThat(written.causes).containsExactly(cause);
    }

    @Test
    void more_subjects_than_can_be_remembered_share_one_line_a_minute() {
        for (int i = 0; i < RateLimitedLog.MOST_SUBJECTS + 500; i++) {
            log.warn("S" + i, "lost", "{}", i);
        }

        assertThat(written.lines).hasSize(RateLimitedLog.MOST_SUBJECTS + 1);
        assertThat(log.remembered()).isEqualTo(RateLimitedLog.MOST_SUBJECTS + 1);
    }

    @Test
    void subjects_of_earlier_minutes_make_room() {
        for (int i = 0; i < RateLimitedLog.MOST_SUBJECTS; i++) {
            log.warn("S" + i, "lost", "{}", i);
        }
        now += MINUTE;
        for (int i = 0; i < 500; i++) {
            log.warn("T" + i, "lost", "{}", i);
        }

        assertThat(written.lines).hasSize(RateLimitedLog.MOST_SUBJECTS + 500);
        assertThat(log.remembered()).isEqualTo(500);
    }

    @Property(tries = 200)
    void lines_and_counts_add_up_to_what_was_said(
            @ForAll @Size(max = 200) List<@IntRange(max = 4) Integer> subjects,
            @ForAll @Size(value = 200) List<@IntRange(max = 20) Integer> pauses) {
        Map<String, Long> lastLine = new HashMap<>();
        Map<String, Integer> leftOut = new HashMap<>();
        List<String> expected = new ArrayList<>();
        Recorder lines = new Recorder();
        RateLimitedLog fresh = new RateLimitedLog(lines, () -> now);
        for (int i = 0; i < subjects.size(); i++) {
            String subject = "S" + subjects.get(i);
            now += Duration.ofSeconds(pauses.get(i)).toNanos();
            Long last = lastLine.get(subject);
            if (last == null || now - last >= MINUTE) {
                int before = leftOut.getOrDefault(subject, 0);
                expected.add("INFO " + subject
                        + (before == 0 ? "" : " (" + before + " more such lines were left out before this one)"));
                lastLine.put(subject, now);
                leftOut.put(subject, 0);
            } else {
                leftOut.merge(subject, 1, Integer::sum);
            }

            fresh.info(subject, "kind", "{}", subject);
        }

        assertThat(lines.lines).isEqualTo(expected);
    }

    private static final class Recorder extends LegacyAbstractLogger {
        private static final long serialVersionUID = 1;

        final transient List<String> lines = new ArrayList<>();
        final transient List<Throwable> causes = new ArrayList<>();

        @Override
        protected void handleNormalizedLoggingCall(
                Level level,
                @Nullable Marker marker,
                String message,
                Object @Nullable [] args,
                @Nullable Throwable cause) {
            lines.add(level + " " + MessageFormatter.basicArrayFormat(message, args));
            if (cause != null) {
                causes.add(cause);
            }
        }

        @Override
        protected @Nullable String getFullyQualifiedCallerName() {
            return null;
        }

        @Override
        public boolean isTraceEnabled() {
            return true;
        }

        @Override
        public boolean isDebugEnabled() {
            return true;
        }

        @Override
        public boolean isInfoEnabled() {
            return true;
        }

        @Override
        public boolean isWarnEnabled() {
            return true;
        }

        @Override
        public boolean isErrorEnabled() {
            return true;
        }
    }
}
