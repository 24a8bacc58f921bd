package io.github.lbkit.examples.serve.endpoint;

import io.github.lbkit.examples.chart.BarChart;
import io.github.lbkit.examples.chart.Colour;
import io.github.lbkit.examples.chart.Drawing;
import io.github.lbkit.examples.chart.Evenness;
import io.github.lbkit.examples.chart.Figures;
import io.github.lbkit.examples.chart.Heading;
import io.github.lbkit.examples.chart.Series;
import io.github.lbkit.examples.serve.endpoint.RequestCounts.Count;
import io.github.lbkit.http.LocalRequest;
import io.github.lbkit.http.LocalResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * The bar chart of requests, successes and failures by server, as it is now. PNG, or SVG where {@code format=svg} or
 * {@code Accept} ask for it. Thread-safe.
 */
final class PerformanceGraph implements Endpoint.Action {
    private static final String PNG = "image/png";
    private static final String SVG = "image/svg+xml";

    private final RequestCounts counts;
    private final Supplier<List<String>> servers;

    /** The graph of these servers, in their order. */
    PerformanceGraph(RequestCounts counts, Supplier<List<String>> servers) {
        this.counts = counts;
        this.servers = servers;
    }

    @Override
    public LocalResponse answer(LocalRequest request) throws Refusal {
        boolean svg = wantsSvg(request);
        Drawing drawing = draw(servers.get());
        LocalResponse image = svg
                ? LocalResponse.of(200, SVG, drawing.svg().getBytes(StandardCharsets.UTF_8))
                : LocalResponse.of(200, PNG, drawing.png(1));
        return image.with("Cache-Control", "no-store").with("Vary", "Accept").with("X-Content-Type-Options", "nosniff");
    }

    private static boolean wantsSvg(LocalRequest request) throws Refusal {
        String format = Query.of(request.head(), Set.of("format")).one("format").orElse("");
        return switch (format) {
            case "svg" -> true;
            case "png" -> false;
            case "" -> {
                Acceptance accepted = Acceptance.of(request.head().headers("Accept"));
                yield accepted.quality(SVG) > accepted.quality(PNG);
            }
            default -> throw new Refusal(400, "format '" + format + "' is not known; allowed: png, svg");
        };
    }

    private Drawing draw(List<String> ids) {
        List<Count> all = ids.stream().map(counts::of).toList();
        return new BarChart(
                        new Heading("Requests by server", message(ids, all)),
                        "requests",
                        ids,
                        List.of(
                                series("requests", Colour.BLUE, all, Count::requests),
                                series("successes", Colour.GREEN, all, Count::successes),
                                series("failures", Colour.VERMILLION, all, Count::failures)))
                .draw();
    }

    private static Series series(String name, Colour colour, List<Count> all, ToLongFunction<Count> which) {
        return new Series(
                name,
                colour,
                false,
                all.stream().map(c -> (double) which.applyAsLong(c)).toList());
    }

    private static String message(List<String> ids, List<Count> all) {
        long total = all.stream().mapToLong(Count::requests).sum();
        if (total == 0) {
            return ids.isEmpty() ? "There are no servers." : "No requests yet.";
        }
        int busiest = 0;
        for (int i = 1; i < all.size(); i++) {
            busiest = all.get(i).requests() > all.get(busiest).requests() ? i : busiest;
        }
        double times = (double) all.get(busiest).requests() * all.size() / total;
        long failures = all.stream().mapToLong(Count::failures).sum();
        return (Evenness.of(all.stream().map(Count::requests).toList()) ? "Even: " : "Uneven: ") + ids.get(busiest)
                + ", the busiest, got "
                + Figures.plain(times) + " times the mean. " + Figures.plain((double) total) + " requests, "
                + (failures == 0 ? "no failures." : Figures.plain((double) failures) + " failures.");
    }
}
