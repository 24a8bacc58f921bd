package io.github.lbkit.examples.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The number of series that a balancer adds to Prometheus. */
class SeriesTest {
    private static final Pattern DOCUMENTED = Pattern.compile("has\\s+(\\d+) N \\+ (\\d+) series");

    private static long series(WatchedBalancers watched) {
        return watched.page()
                .lines()
                .filter(line -> line.contains("{balancer=\"orders\""))
                .count();
    }

    @Test
    void the_number_of_series_is_the_one_in_docs_and_does_not_grow_when_servers_change() throws Exception {
        Matcher documented = DOCUMENTED.matcher(Files.readString(Path.of("..", "docs", "metrics.md")));
        assertThat(documented.find()).isTrue();
        int perServer = Integer.parseInt(documented.group(1));
        int ofBalancer = Integer.parseInt(documented.group(2));
        try (WatchedBalancers watched = new WatchedBalancers()) {
            assertThat(series(watched)).isEqualTo(3 * perServer + ofBalancer);
            watched.publish();
            assertThat(series(watched)).isEqualTo(ofBalancer);
            watched.publish("d", "e");
            assertThat(series(watched)).isEqualTo(2 * perServer + ofBalancer);
        }
    }
}
