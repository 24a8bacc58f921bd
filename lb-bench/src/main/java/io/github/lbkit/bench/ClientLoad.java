package io.github.lbkit.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.IntConsumer;

/** A load that keeps a number of requests of an HttpClient in flight. Confined to one thread. */
abstract class ClientLoad implements AutoCloseable {
    /** The number of requests in flight. */
    static final int CONCURRENCY = 16;

    private static final OperatingSystemMXBean MACHINE =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final String url;

    ClientLoad(String url) {
        this.url = url;
    }

    final String url() {
        return url;
    }

    /**
     * The result of a run: the requests, the failures, the elapsed time and the CPU time of this process, in seconds.
     */
    record Result(int requests, int failed, double seconds, double cpuSeconds) {
        double perSecond() {
            return requests / seconds;
        }

        double cpuMicros() {
            return cpuSeconds * 1e6 / requests;
        }

        @Override
        public String toString() {
            return String.format("%.0f a second, %.1f µs of CPU each", perSecond(), cpuMicros())
                    + (failed == 0 ? "" : ", " + failed + " FAILED");
        }
    }

    /** Sends the requests and measures the run. Calls {@code each} before each request with its number, from 1. */
    final Result run(int requests, IntConsumer each) throws InterruptedException {
        long cpu = MACHINE.getProcessCpuTime();
        long begin = System.nanoTime();
        int failed = send(requests, each);
        return new Result(
                requests, failed, (System.nanoTime() - begin) / 1e9, (MACHINE.getProcessCpuTime() - cpu) / 1e9);
    }

    /** Sends the requests and waits for the responses; returns the number of failed requests. */
    abstract int send(int requests, IntConsumer each) throws InterruptedException;

    @Override
    public abstract void close();
}
