package io.github.lbkit.testkit.pool.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.pool.process.ProcessLauncher;
import io.github.lbkit.api.pool.process.ProcessOptions;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.pool.supervised.LaunchRequest;
import io.github.lbkit.api.pool.supervised.LaunchedInstance;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessLauncherTest {
    private static final Duration GRACE = Duration.ofSeconds(5);

    @TempDir
    Path directory = Path.of("unset");

    private final Await await = Await.inRealTime();
    private final List<ProcessLauncher> opened = new ArrayList<>();
    private final List<ProcessHandle> started = new ArrayList<>();

    @AfterEach
    void endEverything() {
        opened.forEach(ProcessLauncher::close);
        started.forEach(ProcessHandle::destroyForcibly);
    }

    private ProcessLauncher open(ProcessOptions options) {
        ProcessLauncher launcher = ProcessLauncher.open(context("p"), options);
        opened.add(launcher);
        return launcher;
    }

    private PoolContext context(String pool) {
        return new PoolContext(pool, Runtimes.system(), directory);
    }

    private static ProcessOptions.Builder sh(String script) {
        return ProcessOptions.command(List.of("/bin/sh", "-c", script, "sh", "{port}"));
    }

    private static LaunchRequest request(long generation) {
        return new LaunchRequest("S1", generation, "s1-" + generation, false, Map.of());
    }

    private LaunchedInstance launch(ProcessLauncher launcher, long generation) {
        LaunchedInstance launched = await.value(launcher.launch(request(generation)));
        started.add(handle(launched));
        return launched;
    }

    private static ProcessHandle handle(LaunchedInstance launched) {
        return ProcessHandle.of(Long.parseLong(launched.handle().replace("process ", "")))
                .orElseThrow();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("p"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    // ---- launching

    @Test
    void placeholders_are_filled_in_the_command_and_in_the_environment() throws IOException {
        ProcessOptions options = ProcessOptions.command(List.of(
                        "/bin/sh",
                        "-c",
                        "echo \"$1 $2 $3 $WHO $(( $4 > 0 ))\"; exec cat",
                        "sh",
                        "{id}",
                        "{name}",
                        "{generation}",
                        "{port}"))
                .environment("WHO", "<{id}>")
                .readyLine("1$")
                .build();

        LaunchedInstance launched = launch(open(options), 7);

        assertThat(Files.readString(directory.resolve("p/s1-7.log"))).isEqualTo("S1 s1-7 7 <S1> 1\n");
        assertThat(launched.address().orElseThrow().host()).isEqualTo("127.0.0.1");
    }

    @Test
    void the_port_is_read_from_the_ready_line_if_it_says_one() {
        ProcessLauncher launcher = open(sh("echo starting; echo \"port: 4711\"; exec cat")
                .readyLine("port: (?<port>\\d+)")
                .build());

        LaunchedInstance launched = launch(launcher, 1);

        assertThat(launched.address().orElseThrow().port()).isEqualTo(4711);
    }

    @Test
    void a_port_that_is_none_fails_the_launch() {
        ProcessLauncher launcher = open(
                sh("echo port 70000; exec cat").readyLine("port (?<port>\\d+)").build());

        assertThatThrownBy(() -> await.value(launcher.launch(request(1)))).hasMessageContaining("70000");
        await.value(launcher.terminate("S1", 1, GRACE));
    }

    @Test
    void a_process_that_ends_before_it_is_ready_fails_the_launch_with_its_last_output() throws IOException {
        ProcessLauncher launcher = open(sh("echo one; echo no such table >&2; exit 3")
                .readyLine("ready")
                .build());

        assertThatThrownBy(() -> await.value(launcher.launch(request(1))))
                .hasMessageContaining("exit code 3")
                .hasMessageContaining("s1-1.log")
                .hasMessageEndingWith("'no such table'");
        assertThat(files()).containsExactly("lock", "s1-1.log");
    }

    @Test
    void a_program_that_does_not_exist_fails_the_launch() {
        ProcessLauncher launcher = open(
                ProcessOptions.command(List.of("/no/such/program", "{port}")).build());

        assertThatThrownBy(() -> await.value(launcher.launch(request(1)))).hasMessageContaining("/no/such/program");
        assertThat(await.value(launcher.list())).isEmpty();
    }

    @Test
    void endless_output_without_a_ready_line_fails_the_launch() {
        ProcessLauncher launcher = open(sh("exec yes").readyLine("ready").build());

        assertThatThrownBy(() -> await.value(launcher.launch(request(1)))).hasMessageContaining("no ready line");
        await.value(launcher.terminate("S1", 1, GRACE));
        assertThat(await.value(launcher.list())).isEmpty();
    }

    @Test
    void names_that_would_leave_the_directory_are_refused() {
        ProcessLauncher launcher = open(sh("exec cat").build());

        assertThatThrownBy(() -> await.value(launcher.launch(new LaunchRequest("S1", 1, "../x", false, Map.of()))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_spec_hash_tells_specs_apart() {
        assertThat(Stream.of(
                                sh("exec cat"),
                                sh("exec  cat"),
                                sh("exec cat").environment("A", "1"),
                                sh("exec cat").readyLine("x"),
                                sh("exec cat").input(ProcessOptions.Input.NONE))
                        .map(options -> {
                            try (ProcessLauncher launcher = ProcessLauncher.open(context("hash"), options.build())) {
                                return launcher.specHash();
                            }
                        }))
                .doesNotHaveDuplicates();
    }

    // ---- ends

    @Test
    void a_death_is_reported_with_its_cause_and_the_log_file() throws IOException {
        ProcessLauncher launcher =
                open(sh("echo first words; echo last words; exec cat").build());
        List<String> told = new CopyOnWriteArrayList<>();
        var subscription = launcher.watch((id, generation, detail) -> told.add(detail));
        LaunchedInstance launched = launch(launcher, 1);
        await.until(
                "it has said so", () -> text(directory.resolve("p/s1-1.log")).contains("words"));

        handle(launched).destroyForcibly();
        await.until("the death is told", () -> !told.isEmpty());

        assertThat(told.get(0))
                .contains("exit code 137 (SIGKILL)")
                .contains("s1-1.log")
                .endsWith("'first words' | 'last words'");
        assertThat(files()).containsExactly("lock", "s1-1.log");
        subscription.close();
    }

    @Test
    void a_stopped_process_leaves_no_file() throws IOException {
        ProcessLauncher launcher = open(sh("exec cat").build());
        launch(launcher, 1);
        assertThat(files()).containsExactly("lock", "s1-1.log", "s1-1.properties");

        await.value(launcher.terminate("S1", 1, GRACE));

        assertThat(files()).containsExactly("lock");
    }

    @Test
    void only_the_last_logs_of_failures_are_kept() throws IOException {
        ProcessLauncher launcher =
                open(sh("echo $0; exit 1").readyLine("never").logsKept(2).build());

        for (int i = 1; i <= 5; i++) {
            int generation = i;
            assertThatThrownBy(() -> await.value(launcher.launch(request(generation))))
                    .hasMessageContaining("exit code 1");
        }

        assertThat(files()).filteredOn(file -> file.endsWith(".log")).hasSize(2);
    }

    @Test
    void a_process_that_ignores_the_stop_signal_is_killed_after_the_grace_period() {
        ProcessLauncher launcher = open(sh("trap '' TERM; echo ready; while :; do sleep 600; done")
                .readyLine("ready")
                .build());
        LaunchedInstance launched = launch(launcher, 1);
        ProcessHandle process = handle(launched);

        var terminated = launcher.terminate("S1", 1, Duration.ofMillis(300));
        await.value(launcher.list());
        assertThat(process.isAlive()).isTrue();

        await.value(terminated);
        assertThat(process.isAlive()).isFalse();
    }

    @Test
    void children_of_a_stopped_process_are_killed() {
        ProcessLauncher launcher = open(sh("sleep 600 & sleep 601 & echo ready; exec cat")
                .readyLine("ready")
                .build());
        LaunchedInstance launched = launch(launcher, 1);
        List<ProcessHandle> descendants = handle(launched).descendants().toList();
        assertThat(descendants).hasSize(2);

        await.value(launcher.terminate("S1", 1, GRACE));

        await.until("nothing is left", () -> descendants.stream().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void the_end_of_standard_input_is_the_first_thing_a_stopped_process_sees() {
        ProcessLauncher launcher = open(sh("trap '' TERM; cat; exit 0").build());
        launch(launcher, 1);

        await.value(launcher.terminate("S1", 1, Duration.ofMinutes(10)));
    }

    // ---- owners

    @Test
    void a_pool_has_one_owner_in_a_process() {
        open(sh("exec cat").build());

        assertThatThrownBy(() -> open(sh("exec cat").build()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(directory.resolve("p").resolve("lock").toString())
                .hasMessageContaining("process " + ProcessHandle.current().pid());
    }

    @Test
    void a_killed_owner_leaves_a_lock_that_can_be_taken_and_what_the_next_owner_finds() throws IOException {
        OwnerProcess owner = OwnerProcess.start(directory);
        started.add(owner.piped());
        started.add(owner.kept());
        assertThatThrownBy(() -> ProcessLauncher.open(context("kept"), OwnerProcess.KEPT))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("process " + owner.pid());
        ProcessHandle piped = owner.piped();
        ProcessHandle kept = owner.kept();

        owner.close();

        ProcessLauncher next = ProcessLauncher.open(context("kept"), OwnerProcess.KEPT);
        opened.add(next);
        List<LaunchedInstance> found = await.value(next.list());
        assertThat(found).hasSize(1);
        assertThat(found.get(0).specHash()).isEqualTo(next.specHash());
        assertThat(found.get(0).handle()).isEqualTo("process " + kept.pid());
        await.value(next.terminate("S1", 1, GRACE));
        assertThat(await.value(next.list())).isEmpty();
        ProcessLauncher nextOfPiped = ProcessLauncher.open(context("piped"), OwnerProcess.PIPED);
        opened.add(nextOfPiped);
        await.until(
                "the one with a pipe has ended by itself",
                () -> await.value(nextOfPiped.list()).isEmpty());
        assertThat(piped.pid()).isNotEqualTo(kept.pid());
    }

    @Test
    void a_process_whose_owner_ended_before_it_had_recorded_the_id_is_found_and_ended() throws IOException {
        ProcessLauncher first = open(sh("echo ready; sleep 600; exit 1")
                .readyLine("ready")
                .input(ProcessOptions.Input.NONE)
                .build());
        ProcessHandle process = handle(launch(first, 1));
        await.until(
                "it has a child with the same environment",
                () -> process.children().count() == 1);
        first.close();
        Path record = directory.resolve("p/s1-1.properties");
        Files.writeString(
                record,
                Files.readString(record).replaceAll("(?m)^pid=.*$", "pid=0").replaceAll("(?m)^port=.*$", "port=0"));

        ProcessLauncher second = open(sh("exec sleep 600").build());
        List<LaunchedInstance> found = await.value(second.list());
        await.value(second.terminate("S1", 1, GRACE));

        assertThat(found).hasSize(1);
        assertThat(found.get(0).address()).isEmpty();
        assertThat(found.get(0).handle()).isEqualTo("process " + process.pid());
        assertThat(process.isAlive()).isFalse();
        assertThat(files()).containsExactly("lock");
    }

    @Test
    void a_record_of_a_process_that_was_never_started_is_removed() throws IOException {
        ProcessLauncher first = open(sh("exec cat").build());
        launch(first, 1);
        Path record = directory.resolve("p/s1-1.properties");
        String text = Files.readString(record);
        await.value(first.terminate("S1", 1, GRACE));
        first.close();
        Files.writeString(record, text.replaceAll("(?m)^pid=.*$", "pid=0"));

        ProcessLauncher second = open(sh("exec cat").build());

        assertThat(await.value(second.list())).isEmpty();
        assertThat(record).doesNotExist();
    }

    @Test
    void a_process_with_a_reused_id_is_left_alone() throws IOException {
        ProcessLauncher first =
                open(sh("exec sleep 600").input(ProcessOptions.Input.NONE).build());
        ProcessHandle process = handle(launch(first, 1));
        first.close();
        Path record = directory.resolve("p/s1-1.properties");
        String text = Files.readString(record);
        Files.writeString(
                record,
                text.replaceAll("(?m)^start=.*$", "start=1000000000000").replaceAll("(?m)^ticks=.*$", "ticks=1"));

        ProcessLauncher second = open(sh("exec sleep 600").build());

        assertThat(await.value(second.list())).isEmpty();
        assertThat(process.isAlive()).isTrue();
        assertThat(record).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"(?m)^nothing$", "(?m)^(boot|ticks|appends)=.*$"})
    void a_step_of_the_clock_orphans_no_process(String missing) throws IOException {
        ProcessLauncher first =
                open(sh("exec sleep 600").input(ProcessOptions.Input.NONE).build());
        LaunchedInstance launched = launch(first, 1);
        first.close();
        Path record = directory.resolve("p/s1-1.properties");
        String text = Files.readString(record);
        Files.writeString(
                record, text.replaceAll("(?m)^start=.*$", "start=1000000000000").replaceAll(missing, ""));

        ProcessLauncher second = open(sh("exec sleep 600").build());

        assertThat(await.value(second.list()))
                .extracting(LaunchedInstance::handle)
                .containsExactly(launched.handle());
        await.value(second.terminate("S1", 1, GRACE));
        assertThat(files()).containsExactly("lock");
    }

    @Test
    void a_process_that_becomes_another_program_is_found_at_every_moment() throws IOException {
        Path script = Files.writeString(directory.resolve("again"), "exec /bin/sh " + directory.resolve("again"));
        ProcessLauncher first = open(
                sh("exec /bin/sh " + script).input(ProcessOptions.Input.NONE).build());
        LaunchedInstance launched = launch(first, 1);
        first.close();
        Path record = directory.resolve("p/s1-1.properties");
        String text = Files.readString(record).replaceAll("(?m)^(boot|ticks)=.*$", "");
        Files.writeString(record, text.replaceAll("(?m)^start=.*$", "start=1000000000000"));

        for (int i = 0; i < 200; i++) {
            ProcessLauncher next = open(sh("exec sleep 600").build());
            assertThat(await.value(next.list()))
                    .as("found by owner %s", i)
                    .extracting(LaunchedInstance::handle)
                    .containsExactly(launched.handle());
            next.close();
        }

        ProcessLauncher last = open(sh("exec sleep 600").build());
        await.value(last.list());
        await.value(last.terminate("S1", 1, GRACE));
        assertThat(files()).containsExactly("lock");
    }

    // ---- output

    @Test
    void the_output_of_a_process_is_limited_and_ends_with_what_was_written_last() throws IOException {
        ProcessLauncher launcher =
                open(sh("echo ready; i=0; while [ $i -lt 40000 ]; do i=$((i+1)); echo line $i of the output; done;"
                                + " echo written; exec cat")
                        .readyLine("^ready$")
                        .outputLimit(1 << 16)
                        .build());
        launch(launcher, 1);
        Path output = directory.resolve("p/s1-1.log");
        Path aside = directory.resolve("p/s1-1.log.1");
        await.until(
                "all is written",
                () -> text(output).contains("written") || text(aside).contains("written"));
        await.until("the output is short", () -> size(output) <= 1 << 16);

        assertThat(size(aside)).isPositive().isLessThanOrEqualTo(1 << 16);
        assertThat((text(aside) + text(output)).trim()).endsWith("line 40000 of the output\nwritten");
        await.value(launcher.terminate("S1", 1, GRACE));
        assertThat(files()).containsExactly("lock");
    }

    @Test
    void a_process_writes_on_when_its_owner_has_ended_and_is_limited_by_the_next_one() throws IOException {
        ProcessOptions here = sh("cd " + directory + "; echo ready; while [ ! -e go ]; do sleep 0.01; done;"
                        + " head -c 300000 /dev/zero | tr '\\0' x; echo; echo still here; exec sleep 600")
                .readyLine("^ready$")
                .input(ProcessOptions.Input.NONE)
                .outputLimit(1 << 16)
                .build();
        ProcessLauncher first = open(here);
        ProcessHandle process = handle(launch(first, 1));
        first.close();
        Files.createFile(directory.resolve("go"));
        Path output = directory.resolve("p/s1-1.log");
        await.until("it writes on without an owner", () -> text(output).contains("still here"));
        assertThat(size(output)).isGreaterThan(300_000);

        ProcessLauncher second = open(here);
        assertThat(await.value(second.list())).hasSize(1);
        await.until("the output is short", () -> size(output) <= 1 << 16);

        assertThat(process.isAlive()).isTrue();
        assertThat(text(directory.resolve("p/s1-1.log.1")).trim()).endsWith("still here");
        await.value(second.terminate("S1", 1, GRACE));
    }

    @Test
    void an_output_limit_out_of_range_is_refused() {
        assertThatThrownBy(() -> sh("exec cat").outputLimit(1000))
                .hasMessage("outputLimit 1000 is not within 65536 to 1099511627776 bytes");
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }

    @Test
    void a_record_that_cannot_be_read_is_removed_and_harms_no_other() throws IOException {
        ProcessLauncher first = open(sh("exec cat").build());
        launch(first, 1);
        first.close();
        Path records = directory.resolve("p");
        Files.writeString(records.resolve("broken.properties"), "id=\\u00zz");
        Files.writeString(records.resolve("empty.properties"), "");
        Files.writeString(records.resolve("wrong.properties"), Files.readString(records.resolve("s1-1.properties")));

        ProcessLauncher second = open(sh("exec cat").build());

        assertThat(await.value(second.list())).hasSize(1);
        assertThat(files()).containsExactly("lock", "s1-1.log", "s1-1.properties");
        await.value(second.terminate("S1", 1, GRACE));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }
}
