package io.github.lbkit.testkit.pool.supervised;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.pool.FilePool;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.testkit.FakePlatform.LaunchBehaviour;
import io.github.lbkit.testkit.ManualScheduler;
import io.github.lbkit.testkit.fixture.LogFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** State changes of servers and of a pool's source have a line in the log each, with id and reason, and no flood. */
class PoolLogTest {
    @TempDir
    Path directory = Path.of("unset");

    private final LogFile log = new LogFile();

    @BeforeEach
    void skipWhatOthersWrote() {
        log.skip();
    }

    private List<String> lines(String part) {
        return log.lines().stream().filter(line -> line.contains(part)).toList();
    }

    @Test
    void a_lost_server_and_its_replacement_have_a_line_each() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        log.skip();

        stage.kill(stage.pool.desired().get(0));
        stage.pass(Duration.ofSeconds(1));

        String id = stage.pool.desired().get(0);
        List<String> lines = lines("server " + id + ":");
        assertThat(lines)
                .anyMatch(line -> line.contains("WARN") && line.contains("lost generation") && line.contains("killed"));
        assertThat(lines).anyMatch(line -> line.contains("INFO") && line.contains("respawned as generation"));
    }

    @Test
    void launches_changes_of_what_is_desired_and_mass_failures_have_a_line_each_with_fields() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        log.skip();

        var unused = stage.ask(stage.pool.add(1, List.of("X1")));
        stage.pass(Duration.ofSeconds(1));
        stage.pool
                .desired()
                .forEach(id -> stage.platform.reportHealth(id, stage.running(id).generation(), false));
        stage.pass(Duration.ofSeconds(20));

        List<String> all = log.lines();
        assertThat(all)
                .filteredOn(line -> line.contains("4 servers are desired, after 3; new: [X1], gone: []"))
                .singleElement()
                .asString()
                .contains("event=desired");
        assertThat(all)
                .filteredOn(line -> line.contains("server X1: launch of generation"))
                .singleElement()
                .asString()
                .contains("event=launching", "pool=stage", "server=X1", "generation=");
        assertThat(all)
                .filteredOn(line -> line.contains("4 of 4 servers fail at once: nothing is replaced"))
                .singleElement()
                .asString()
                .contains("WARN", "event=replacing-held", "failing=4");
    }

    @Test
    void a_drain_has_a_line_with_what_finished_and_what_was_cut() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        log.skip();

        var unused = stage.ask(stage.pool.remove(1, List.of(stage.pool.desired().get(0))));
        stage.pass(Duration.ofSeconds(10));

        assertThat(lines(": drained generation"))
                .singleElement()
                .asString()
                .contains("attempts finished")
                .endsWith("were cut");
    }

    @Test
    void a_server_that_fails_again_and_again_has_a_line_of_each_kind_a_minute() {
        SupervisedPoolFixture stage = SupervisedPoolFixture.ready();
        stage.platform.onLaunch(request -> LaunchBehaviour.FAILS);
        String id = stage.pool.desired().get(0);
        log.skip();

        stage.kill(id);
        stage.pass(Duration.ofMinutes(5));

        assertThat(lines("server " + id + ": launch of generation").stream().filter(line -> line.contains("WARN")))
                .hasSizeBetween(4, 6)
                .allMatch(line -> line.contains("failed: a launch failure that the test injected"))
                .last()
                .asString()
                .contains("more such lines were left out");
    }

    @Test
    void a_source_that_is_lost_and_comes_back_has_a_line_each_time() throws Exception {
        ManualScheduler scheduler = new ManualScheduler();
        Path file = Files.writeString(directory.resolve("servers"), "a 127.0.0.1:1\n");
        try (FilePool pool = FilePool.open(
                new PoolContext("watched", scheduler.asRuntimes(), directory), file, FilePool.Options.DEFAULTS)) {
            log.skip();

            Files.writeString(file, "a 127.0.0.1:1\nb nowhere\n");
            scheduler.advance(Duration.ofMinutes(3));
            assertThat(lines("pool watched"))
                    .singleElement()
                    .asString()
                    .contains("WARN")
                    .contains("line 2: 'nowhere' is not host:port or unix:/path; the 1 servers known before are kept");
            Files.writeString(file, "a 127.0.0.1:1\n");
            scheduler.advance(Duration.ofSeconds(3));

            assertThat(lines("pool watched"))
                    .singleElement()
                    .asString()
                    .contains("INFO")
                    .contains("answers again, after");
            assertThat(pool.membership().servers()).hasSize(1);
        }
    }

    @Test
    void a_source_that_fails_for_ever_new_reasons_has_a_line_a_minute() throws Exception {
        ManualScheduler scheduler = new ManualScheduler();
        Path file = Files.writeString(directory.resolve("servers"), "a 127.0.0.1:1\n");
        try (FilePool pool = FilePool.open(
                new PoolContext("restless", scheduler.asRuntimes(), directory), file, FilePool.Options.DEFAULTS)) {
            log.skip();

            for (int i = 0; i < 180; i++) {
                Files.writeString(file, "a wrong" + i + "\n");
                scheduler.advance(Duration.ofSeconds(2));
            }

            assertThat(pool.membership().servers()).hasSize(1);
            assertThat(lines("pool restless"))
                    .hasSizeBetween(5, 7)
                    .allMatch(line -> line.contains("is not host:port"))
                    .last()
                    .asString()
                    .contains("more such lines were left out");
        }
    }
}
