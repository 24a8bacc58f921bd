package io.github.lbkit.examples.load;

import io.github.lbkit.examples.chart.Figures;
import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The progress of a load. A terminal shows a bar with the rate and the remaining time, ten times per second; other
 * outputs get one line at the end of a load. Confined to the generator's thread.
 */
public final class Progress implements LoadObserver {
    private static final long REDRAW_NANOS = Duration.ofMillis(100).toNanos();
    private static final int WIDTH = 12;

    private final PrintWriter out;
    private final boolean terminal;
    private final LongSupplier clock;
    private String load = "";
    private long planned;
    private long ended;
    private long failed;
    private long beginNanos;
    private long drawnNanos;

    private Progress(PrintWriter out, boolean terminal, LongSupplier clock) {
        this.out = out;
        this.terminal = terminal;
        this.clock = clock;
    }

    /** Returns the progress as a bar if the output is a terminal, otherwise as lines. */
    public static Progress on(PrintWriter out) {
        return of(out, isTerminal(System.console(), System.getenv()), System::nanoTime);
    }

    static Progress of(PrintWriter out, boolean terminal, LongSupplier clock) {
        return new Progress(out, terminal, clock);
    }

    /**
     * Returns whether the output is a terminal. From Java 22 on, a console exists without a terminal and has to be
     * asked.
     */
    private static boolean isTerminal(@Nullable Console console, Map<String, String> environment) {
        if (console == null || environment.getOrDefault("TERM", "dumb").equals("dumb")) {
            return false;
        }
        try {
            return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
        } catch (ReflectiveOperationException older) {
            return true;
        }
    }

    /** Begins a load with this number of requests. */
    public void begin(String name, long requests) {
        this.load = name;
        planned = requests;
        ended = 0;
        failed = 0;
        beginNanos = clock.getAsLong();
        drawnNanos = beginNanos;
        if (terminal) {
            draw();
        }
    }

    @Override
    public void answered(long atNanos, int status, Optional<String> server) {
        failed += status < 400 ? 0 : 1;
        countEnd();
    }

    @Override
    public void failed(long atNanos, LoadFailure failure) {
        failed++;
        countEnd();
    }

    /** Ends the load. */
    public void end() {
        String line = load + ": " + Figures.plain((double) ended) + " requests in "
                + String.format(Locale.ROOT, "%.1f s", seconds()) + ", " + Figures.plain(Math.rint(rate())) + "/s, "
                + (failed == 0 ? "none failed" : Figures.plain((double) failed) + " failed");
        out.print(terminal ? "\r\u001b[K" + line + "\n" : line + "\n");
        out.flush();
    }

    private void countEnd() {
        ended++;
        if (terminal && clock.getAsLong() - drawnNanos >= REDRAW_NANOS) {
            drawnNanos = clock.getAsLong();
            draw();
        }
    }

    private double seconds() {
        return (clock.getAsLong() - beginNanos) / 1e9;
    }

    private double rate() {
        return seconds() == 0 ? 0 : ended / seconds();
    }

    private void draw() {
        int full = (int) (WIDTH * ended / Math.max(1, planned));
        String left =
                rate() == 0 ? "" : String.format(Locale.ROOT, "%.0f s left", Math.ceil((planned - ended) / rate()));
        out.print("\r\u001b[K" + load + " [" + "#".repeat(full) + " ".repeat(WIDTH - full) + "] "
                + Figures.plain((double) ended) + "/" + Figures.plain((double) planned) + "  "
                + Figures.plain(Math.rint(rate())) + "/s  " + left);
        out.flush();
    }
}
