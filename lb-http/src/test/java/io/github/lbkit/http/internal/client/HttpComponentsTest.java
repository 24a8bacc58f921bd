package io.github.lbkit.http.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpComponentsTest {
    @ParameterizedTest
    @ValueSource(strings = {"5.3.6", "5.4", "5.4-alpha1", "5.4.2", "5.4.2-SNAPSHOT", "5.0.0.1", "4.4.16"})
    void a_vulnerable_version_is_warned_of_with_what_to_set(String core) {
        assertThat(HttpComponents.warning(core, "5.5.2"))
                .hasValueSatisfying(text -> assertThat(text)
                        .contains(core, "5.5.2", "CVE-2026-54399", "CVE-2026-54428")
                        .contains("httpclient5.version", "httpcore5.version"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"5.4.3", "5.4.4", "5.5", "6.0-alpha1", "5.10.0", "UNAVAILABLE", "", "x.y"})
    void a_later_version_and_an_unknown_version_are_not(String core) {
        assertThat(HttpComponents.warning(core, "5.6.5")).isEmpty();
    }
}
