package io.github.lbkit.testkit.runtime;

import static io.github.lbkit.testkit.fixture.ResolverFixture.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.testkit.fixture.LogFile;
import io.github.lbkit.testkit.fixture.ResolverFixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the log says about names. */
class NameResolverLogTest {
    private final LogFile log = new LogFile();
    private final List<String> logged = new ArrayList<>();
    private final ResolverFixture stage = new ResolverFixture();

    @AfterEach
    void close() {
        stage.close();
    }

    private List<String> lines(String host) {
        logged.addAll(log.lines());
        return logged.stream().filter(line -> line.contains("host " + host)).toList();
    }

    private void know(String host) {
        stage.zone.put(host, List.of(ip("10.0.0.1")));
    }

    private void askEverySecond(String host, int seconds) {
        for (int i = 0; i < seconds; i++) {
            CompletableFuture<?> call = stage.ask(host);
            stage.endLookups();
            assertThat(call).isDone();
            stage.pass(Duration.ofSeconds(1));
        }
    }

    @Test
    void failing_look_ups_are_one_line_with_the_reason_and_what_stays_and_their_return_is_another() {
        know("shop.test");
        askEverySecond("shop.test", 20);
        assertThat(lines("shop.test")).isEmpty();

        stage.zone.clear();
        askEverySecond("shop.test", 600);
        assertThat(lines("shop.test")).hasSize(1);
        assertThat(lines("shop.test").get(0))
                .contains("WARN")
                .contains("unknown name")
                .contains("[10.0.0.1]")
                .contains("stay in use");

        know("shop.test");
        askEverySecond("shop.test", 20);
        assertThat(lines("shop.test")).hasSize(2);
        assertThat(lines("shop.test").get(1)).contains("work again after");
    }

    @Test
    void a_name_that_never_had_an_answer_is_one_line_with_the_reason() {
        askEverySecond("new.test", 200);

        assertThat(lines("new.test")).hasSize(1);
        assertThat(lines("new.test").get(0))
                .contains("WARN")
                .contains("requests to this host fail")
                .contains("unknown name");
    }

    @Test
    void a_name_that_fails_and_returns_all_the_time_is_two_lines_a_minute() {
        for (int i = 0; i < 600; i += 12) {
            know("shop.test");
            askEverySecond("shop.test", 6);
            stage.zone.clear();
            askEverySecond("shop.test", 6);
        }

        assertThat(lines("shop.test")).hasSizeBetween(10, 20);
    }

    @Test
    void a_look_up_that_does_not_return_is_one_line() {
        CompletableFuture<?> call = stage.ask("slow.test");
        List<Runnable> hanging = stage.hang();
        stage.pass(Duration.ofSeconds(100));
        assertThat(call).isCompletedExceptionally();
        askEverySecond("slow.test", 100);

        assertThat(lines("slow.test")).hasSize(1);
        hanging.forEach(Runnable::run);
    }

    @Test
    void a_pool_that_reports_by_itself_gets_no_line_here() {
        CompletableFuture<?> call = stage.resolver.refresh("pool.test").toCompletableFuture();
        stage.endLookups();

        assertThat(call).isCompletedExceptionally();
        assertThat(lines("pool.test")).isEmpty();
    }
}
