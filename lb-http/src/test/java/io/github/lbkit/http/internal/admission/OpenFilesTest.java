package io.github.lbkit.http.internal.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class OpenFilesTest {
    @Test
    void the_soft_limit_of_open_files_is_read() {
        assertThat(OpenFiles.limit(List.of(
                        "Limit                     Soft Limit           Hard Limit           Units     ",
                        "Max processes             127235               127235               processes ",
                        "Max open files            1024                 524288               files     ")))
                .isEqualTo(1024);
        assertThat(OpenFiles.limit(
                        List.of("Max open files            unlimited            unlimited            files")))
                .isEqualTo(Long.MAX_VALUE);
        assertThat(OpenFiles.limit(List.of("Max processes 1 1 processes"))).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void clients_get_half_of_what_is_left_after_the_base() {
        assertThat(new OpenFiles(256, 20).clients(10_000)).isEqualTo(78);
        assertThat(new OpenFiles(256, 20).clients(50)).isEqualTo(50);
        assertThat(new OpenFiles(256, 156).clients(10_000)).isEqualTo(50);
        assertThat(new OpenFiles(64, 20).clients(10_000)).isEqualTo(1);
        assertThat(new OpenFiles(Long.MAX_VALUE, 0).clients(1_000_000)).isEqualTo(1_000_000);
    }
}
