package io.github.lbkit.examples.serve.endpoint.reserved;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Failure;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Server;
import io.github.lbkit.examples.chart.Drawing;
import io.github.lbkit.testkit.ManualScheduler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CachedChartTest {
    private final ManualScheduler time = new ManualScheduler();
    private final AtomicInteger drawn = new AtomicInteger();

    private Drawing draw(List<String> ids, RequestCounts counts) {
        drawn.incrementAndGet();
        return PerformanceGraph.draw(ids, counts);
    }

    private static RequestCounts counts(List<String> ids) {
        RequestCounts counts = new RequestCounts();
        for (int i = 0; i < ids.size(); i++) {
            Server server = Server.ready(ids.get(i), new Instance("i", new Address("h", 1, Map.of()), 1));
            for (int j = 0; j < 1 + i % 7; j++) {
                counts.attemptBegan(server);
                counts.succeeded(server, Duration.ZERO);
            }
            if (i % 100 == 0) {
                counts.attemptBegan(server);
                counts.failed(server, Failure.TIMEOUT, Duration.ZERO);
            }
        }
        return counts;
    }

    @Test
    void many_requests_at_once_make_one_picture_and_a_second_later_another_is_made() throws Exception {
        List<String> ids = List.of("S1", "S2");
        CachedChart picture = new CachedChart(time, () -> draw(ids, counts(ids)));
        ExecutorService clients = Executors.newFixedThreadPool(200);
        try {
            List<Future<byte[]>> answers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                boolean svg = i % 2 == 0;
                answers.add(clients.submit(() -> svg ? picture.svg() : picture.png()));
            }
            for (Future<byte[]> answer : answers) {
                while (!answer.isDone()) {
                    time.runDue();
                    Thread.onSpinWait();
                }
                assertThat(answer.get()).isNotEmpty();
            }
            assertThat(drawn).hasValue(1);

            time.advance(Duration.ofMillis(999));
            assertThat(picture.png()).isSameAs(answers.get(1).get());
            time.advance(Duration.ofMillis(1));
            Future<byte[]> next = clients.submit(picture::png);
            while (!next.isDone()) {
                time.runDue();
                Thread.onSpinWait();
            }
            assertThat(drawn).hasValue(2);
        } finally {
            clients.shutdownNow();
        }
    }

    @Test
    void a_thousand_servers_make_a_readable_and_bounded_picture() {
        List<String> ids =
                IntStream.rangeClosed(1, 1_000).mapToObj(i -> "Server " + i).toList();

        Drawing drawing = PerformanceGraph.draw(ids, counts(ids));

        String svg = drawing.svg();
        assertThat(svg).contains("1,000 servers, the 31 busiest shown", "mean of 969 others", "failures");
        assertThat(svg.getBytes(StandardCharsets.UTF_8).length).isLessThan(100_000);
        assertThat(drawing.png(1).length).isLessThan(100_000);
    }
}
