package io.github.lbkit.examples.serve.endpoint.reserved;

import io.github.lbkit.api.runtime.Scheduler;
import io.github.lbkit.examples.chart.BarChart;
import io.github.lbkit.examples.chart.Colour;
import io.github.lbkit.examples.chart.Drawing;
import io.github.lbkit.examples.chart.Evenness;
import io.github.lbkit.examples.chart.Figures;
import io.github.lbkit.examples.chart.Heading;
import io.github.lbkit.examples.chart.Series;
import io.github.lbkit.examples.serve.endpoint.Endpoint;
import io.github.lbkit.examples.serve.endpoint.Query;
import io.github.lbkit.examples.serve.endpoint.Refusal;
import io.github.lbkit.examples.serve.endpoint.reserved.RequestCounts.Count;
import io.github.lbkit.http.LocalRequest;
import io.github.lbkit.http.LocalResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * The bar chart of requests, successes and failures by server, at most one second old. It is a PNG, or an SVG if {@code
 * format=svg} or {@code Accept} asks for SVG. Thread-safe.
 */
final class PerformanceGraph implements Endpoint.Action {
    /** The maximum number of bar groups that a reader can distinguish. */
    private static final int MAX_GROUPS = 32;

    private static final String PNG = "image/png";
    private static final String SVG = "image/svg+xml";

    private final CachedChart chart;

    /** Creates the graph of these servers, in this order. The scheduler's thread draws it. */
    PerformanceGraph(RequestCounts counts, Supplier<List<String>> servers, Scheduler scheduler) {
        this.chart = new CachedChart(scheduler, () -> draw(servers.get(), counts));
    }

    @Override
    public LocalResponse answer(LocalRequest request) throws Refusal, InterruptedException {
        LocalResponse image =
                wantsSvg(request) ? LocalResponse.of(200, SVG, chart.svg()) : LocalResponse.of(200, PNG, chart.png());
        return image.with("Cache-Control", "no-store").with("Vary", "Accept").with("X-Content-Type-Options", "nosniff");
    }

    private static boolean wantsSvg(LocalRequest request) throws Refusal {
        String format = Query.of(request.head(), Set.of("format")).one("format").orElse("");
        return switch (format) {
            case "svg" -> true;
            case "png" -> false;
            case "" -> {
                MediaTypePreferences accepted =
                        MediaTypePreferences.of(request.head().headers("Accept"));
                yield accepted.quality(SVG) > accepted.quality(PNG);
            }
            default -> throw new Refusal(400, "format '" + format + "' is not known; allowed: png, svg");
        };
    }

    /** Draws the counts of these servers. */
    static Drawing draw(List<String> ids, RequestCounts counts) {
        List<Count> all = ids.stream().map(counts::of).toList();
        Heading heading = new Heading("Requests by server", message(ids, all));
        return ids.size() <= MAX_GROUPS ? draw(heading, ids, all) : drawBusiest(heading, ids, all);
    }

    /** Draws the busiest servers, and one group of bars for the mean of the others. */
    private static Drawing drawBusiest(Heading heading, List<String> ids, List<Count> all) {
        List<Integer> order = IntStream.range(0, ids.size())
                .boxed()
                .sorted(Comparator.comparingLong((Integer i) -> all.get(i).requests())
                        .reversed())
                .toList();
        List<Integer> busiest = order.subList(0, MAX_GROUPS - 1);
        List<Count> others = order.subList(MAX_GROUPS - 1, order.size()).stream()
                .map(all::get)
                .toList();
        List<String> names = new ArrayList<>(busiest.stream().map(ids::get).toList());
        List<Count> bars = new ArrayList<>(busiest.stream().map(all::get).toList());
        names.add("mean of " + Figures.plain((double) others.size()) + " others");
        bars.add(new Count(
                mean(others, Count::requests), mean(others, Count::successes), mean(others, Count::failures)));
        return draw(
                new Heading(
                        heading.title(),
                        Figures.plain((double) ids.size()) + " servers, the " + busiest.size() + " busiest shown. "
                                + heading.message()),
                names,
                bars);
    }

    private static long mean(List<Count> all, ToLongFunction<Count> which) {
        return Math.round(all.stream().mapToLong(which).average().orElse(0));
    }

    private static Drawing draw(Heading heading, List<String> ids, List<Count> all) {
        return new BarChart(
                        heading,
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
