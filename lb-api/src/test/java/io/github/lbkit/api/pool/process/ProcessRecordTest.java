package io.github.lbkit.api.pool.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.pool.supervised.LaunchRequest;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NotBlank;
import org.junit.jupiter.api.Test;

class ProcessRecordTest {
    @Property(tries = 300)
    void a_written_record_is_read_unchanged(
            @ForAll @NotBlank String id,
            @ForAll long generation,
            @ForAll Map<String, String> labels,
            @ForAll @LongRange(min = 1) long pid,
            @ForAll long start,
            @ForAll @LongRange(min = 0) long ticks,
            @ForAll @IntRange(min = 0, max = 65_535) int port) {
        LaunchRequest request = new LaunchRequest(id, generation, "name-1", generation % 2 == 0, labels);
        ProcessRecord record = new ProcessRecord(
                request,
                pid,
                ticks == 0 ? new ProcessStart("", 0, start) : new ProcessStart("boot-1", ticks, start),
                port,
                "spec",
                ticks % 2 == 0);

        assertThat(ProcessRecord.parse(record.text())).isEqualTo(record);
    }

    @Property(tries = 300)
    void anything_else_is_refused_as_an_illegal_argument(@ForAll String text) {
        assertThatThrownBy(() -> ProcessRecord.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Property(tries = 200)
    void a_record_that_was_cut_is_refused_or_the_same(@ForAll @IntRange(min = 0, max = 200) int length) {
        ProcessRecord record = new ProcessRecord(
                new LaunchRequest("S1", 1, "s1", false, Map.of("a", "b")),
                2,
                new ProcessStart("boot", 5, 3),
                4,
                "spec",
                true);
        String text = record.text();
        String cut = text.substring(0, Math.min(length, text.length()));

        try {
            assertThat(ProcessRecord.parse(cut).request().id()).isEqualTo("S1");
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageNotContaining("null");
        }
    }

    @Test
    void a_record_without_ticks_is_read_and_its_output_is_left_alone() {
        ProcessRecord old = ProcessRecord.parse(
                "id=S1\ngeneration=1\nname=s1-1\nreplacement=false\npid=12\nstart=1700000000000\nport=80\nspec=x\n");

        assertThat(old.start()).isEqualTo(new ProcessStart("", 0, 1_700_000_000_000L));
        assertThat(old.appends()).isFalse();
    }
}
