package io.github.lbkit.micrometer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.pause.PauseDetector;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** A registry that works until it is told to break; then it makes no meter and records nothing. */
final class ThrowingRegistry extends SimpleMeterRegistry {
    private volatile boolean broken;
    private int made;
    private int makesAtMost = Integer.MAX_VALUE;

    void breakNow() {
        broken = true;
    }

    /** Breaks when more than this number of meters have been made. */
    void breakAfter(int meters) {
        makesAtMost = meters;
    }

    private void make() {
        broken |= ++made > makesAtMost;
        check();
    }

    private void check() {
        if (broken) {
            throw new IllegalStateException("as a test wants it");
        }
    }

    @Override
    protected Timer newTimer(Meter.Id id, DistributionStatisticConfig statistics, PauseDetector pauses) {
        make();
        Timer real = super.newTimer(id, statistics, pauses);
        return new ThrowingTimer(real, this::check);
    }

    @Override
    protected <T> FunctionCounter newFunctionCounter(Meter.Id id, T of, ToDoubleFunction<T> value) {
        make();
        return super.newFunctionCounter(id, of, value);
    }

    private record ThrowingTimer(Timer real, Runnable check) implements Timer {
        @Override
        public void record(long amount, TimeUnit unit) {
            check.run();
            real.record(amount, unit);
        }

        @Override
        public <T> T record(java.util.function.Supplier<T> timed) {
            return real.record(timed);
        }

        @Override
        public <T> T recordCallable(java.util.concurrent.Callable<T> timed) throws Exception {
            return real.recordCallable(timed);
        }

        @Override
        public void record(Runnable timed) {
            real.record(timed);
        }

        @Override
        public long count() {
            return real.count();
        }

        @Override
        public double totalTime(TimeUnit unit) {
            return real.totalTime(unit);
        }

        @Override
        public double max(TimeUnit unit) {
            return real.max(unit);
        }

        @Override
        public TimeUnit baseTimeUnit() {
            return real.baseTimeUnit();
        }

        @Override
        public Meter.Id getId() {
            return real.getId();
        }

        @Override
        public io.micrometer.core.instrument.distribution.HistogramSnapshot takeSnapshot() {
            return real.takeSnapshot();
        }
    }
}
