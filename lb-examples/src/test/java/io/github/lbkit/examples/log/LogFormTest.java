package io.github.lbkit.examples.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.examples.json.JsonTree;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

/** The forms of log lines, and the levels of loggers. */
class LogFormTest {
    private static String text(LogLine line) {
        return formatted(LogFormat.TEXT, line);
    }

    private static Map<?, ?> json(LogLine line) {
        String text = formatted(LogFormat.JSON, line);
        assertThat(text.indexOf('\n')).isEqualTo(text.length() - 1);
        return (Map<?, ?>) read(text);
    }

    private static Object read(String text) {
        try {
            return JsonTree.read(text);
        } catch (IOException e) {
            throw new AssertionError(text, e);
        }
    }

    private static String formatted(LogFormat format, LogLine line) {
        StringBuilder out = new StringBuilder();
        format.form().append(line, out);
        return out.toString();
    }

    private static LogLine line(String message, Map<String, Object> fields) {
        return new LogLine(
                1_795_911_640_758L, Level.WARN, "io.github.lbkit.api.StateLog", "main", message, fields, null);
    }

    @Test
    void a_line_of_text_has_the_time_with_offset_and_fields_that_the_message_does_not_show() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("event", "ejected");
        fields.put("server", "a");
        fields.put("generation", 7L);

        assertThat(text(line("server a is ejected", fields)))
                .matches("2026-11-\\d\\dT\\d\\d:\\d\\d:40\\.758[+-]\\d\\d:\\d\\d WARN StateLog - server a is ejected"
                        + " generation=7\n");
    }

    @Property(tries = 300)
    void no_message_looks_like_a_line_of_its_own(@ForAll String message, @ForAll String value) {
        String text = text(line(message, Map.of("field", value)));

        assertThat(text.strip().split("\n", -1))
                .allSatisfy(part -> assertThat(part.indexOf('\r')).isNegative());
        assertThat(text.lines().skip(1)).allMatch(part -> part.startsWith("\t") || part.isEmpty());
        assertThat(text).endsWith("\n");
    }

    @Property(tries = 300)
    void json_gives_back_message_and_fields(@ForAll String message, @ForAll String value, @ForAll long number) {
        Map<?, ?> back = json(line(message, Map.of("field", value, "number", number, "level", "mine")));

        assertThat(back.get("field")).isEqualTo(value);
        assertThat(back.get("message")).isEqualTo(message);
        assertThat(back.get("number")).isEqualTo(Long.toString(number));
        assertThat(back.get("level")).isEqualTo("WARN");
        assertThat(back.get("level_")).isEqualTo("mine");
        assertThat(back.get("logger")).isEqualTo("io.github.lbkit.api.StateLog");
        assertThat((String) back.get("time")).startsWith("2026-11-");
    }

    @Test
    void an_exception_has_its_class_its_message_and_its_stack() {
        LogLine line = new LogLine(
                0,
                Level.ERROR,
                "a",
                "t",
                "failed",
                Map.of(),
                new IllegalStateException("no", new RuntimeException("why")));

        Map<?, ?> error = Objects.requireNonNull((Map<?, ?>) json(line).get("error"));

        assertThat(error.get("class")).isEqualTo("java.lang.IllegalStateException");
        assertThat(error.get("message")).isEqualTo("no");
        assertThat((String) error.get("stack")).contains("Caused by: java.lang.RuntimeException: why");
        assertThat(text(line)).contains("failed\n\tjava.lang.IllegalStateException: no\n\t\tat ");
    }

    @Test
    void a_line_of_the_access_log_has_its_columns_as_fields() {
        LogLine line = new LogLine(
                0, Level.INFO, AccessFields.LOGGER, "t", "127.0.0.1 GET /x\\x22y 200 5 12 s2 2 id9 -", Map.of(), null);

        Map<?, ?> back = json(line);

        assertThat(back.get("target")).isEqualTo("/x\\x22y");
        assertThat(back.get("status")).isEqualTo("200");
        assertThat(back.get("server")).isEqualTo("s2");
        assertThat(back.containsKey("ending")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "'', io.github.lbkit.api.StateLog, INFO",
        "'', org.apache.hc.client5, WARN",
        "'', com.github.dockerjava, WARN",
        "debug, io.github.lbkit.http, DEBUG",
        "debug, org.apache.hc, WARN",
        "error, org.apache.hc, ERROR",
        "org.apache.hc=trace, org.apache.hc.client5.http, TRACE",
        "org.apache.hc=trace, org.apache.hcx, WARN",
        "io.github.lbkit.http=warn, io.github.lbkit.http.access, WARN",
        "io.github.lbkit.http=warn, io.github.lbkit.api, INFO",
        "DEBUG io.github.lbkit.http=Warn, io.github.lbkit.http, WARN",
        "info debug, io.github.lbkit, DEBUG"
    })
    void the_longest_name_counts(String settings, String logger, Level level) {
        List<String> all = settings.isEmpty() ? List.of() : List.of(settings.split(" ", -1));

        assertThat(LogLevels.of(all).least(logger)).isEqualTo(level.toInt());
    }

    @Test
    void a_logger_that_is_off_writes_no_error() {
        assertThat(LogLevels.of(List.of("org.x=off")).least("org.x.Y")).isGreaterThan(Level.ERROR.toInt());
    }

    @ParameterizedTest
    @ValueSource(strings = {"loud", "org.x=", "=debug", "org.x=loud", ""})
    void an_unknown_level_is_refused(String setting) {
        assertThatThrownBy(() -> LogLevels.of(List.of(setting))).isInstanceOf(IllegalArgumentException.class);
    }
}
