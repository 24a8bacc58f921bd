package io.github.lbkit.api.pool.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessStartTest {
    private static final long HOUR = 3_600_000;

    @TempDir
    Path proc = Path.of("unset");

    private void process(long pid, String command, long ticks) throws IOException {
        Path directory = Files.createDirectories(proc.resolve(Long.toString(pid)));
        Files.writeString(
                directory.resolve("stat"),
                pid + " (" + command + ") S 1 7 7 0 -1 4194560 122 0 0 0 0 0 0 0 20 0 1 0 " + ticks
                        + " 2437120 100 1\n");
    }

    private void boot(String id) throws IOException {
        Path random = Files.createDirectories(proc.resolve("sys/kernel/random"));
        Files.writeString(random.resolve("boot_id"), id + "\n");
    }

    @Test
    void a_step_of_the_clock_leaves_a_process_the_same() throws IOException {
        boot("b1");
        process(7, "server", 4_711);

        ProcessStart before = ProcessStart.read(proc, 7, 10 * HOUR);
        ProcessStart after = ProcessStart.read(proc, 7, 11 * HOUR);

        assertThat(before.ticks()).isEqualTo(4_711);
        assertThat(before.isSame(after)).isTrue();
    }

    @Test
    void another_start_or_another_boot_is_another_process() throws IOException {
        boot("b1");
        process(7, "server", 4_711);
        ProcessStart one = ProcessStart.read(proc, 7, HOUR);

        process(7, "server", 4_712);
        assertThat(one.isSame(ProcessStart.read(proc, 7, HOUR))).isFalse();
        process(7, "server", 4_711);
        boot("b2");
        assertThat(one.isSame(ProcessStart.read(proc, 7, HOUR))).isFalse();
    }

    @Test
    void a_command_with_blanks_and_parentheses_moves_no_field() throws IOException {
        boot("b1");
        process(7, "a) S 1 (b", 99);

        assertThat(ProcessStart.read(proc, 7, 0).ticks()).isEqualTo(99);
    }

    @Test
    void without_ticks_the_clock_decides() {
        ProcessStart one = ProcessStart.read(proc, 7, HOUR);

        assertThat(one.isExact()).isFalse();
        assertThat(one.isSame(ProcessStart.read(proc, 7, HOUR + 1_000))).isTrue();
        assertThat(one.isSame(ProcessStart.read(proc, 7, 2 * HOUR))).isFalse();
    }

    @Test
    void the_own_process_has_one_start() {
        ProcessStart one = ProcessStart.of(ProcessHandle.current(), 0);

        assertThat(one.isSame(ProcessStart.of(ProcessHandle.current(), 0))).isTrue();
        assertThat(one.isExact()).isEqualTo(Files.exists(Path.of("/proc/self/stat")));
    }
}
