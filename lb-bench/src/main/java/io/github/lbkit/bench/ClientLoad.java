package io.github.lbkit.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.IntConsumer;

/** An HttpClient that keeps a number of requests in flight. Confined to one thread. */
abstract class ClientLoad implements AutoCloseable {
    /** How many requests are in flight. */
    static final int AT_ONCE = 16;

    private static final OperatingSystemMXBean MACHINE =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final String url;

    ClientLoad(String url) {
        this.url = url;
    }

    final String url() {
        return url;
    }

    /** What so many requests took: of this process's processor time too, which is that of the client. */
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

    /** Makes them; what happens at each is told its number, from 1. */
    final Result run(int requests, IntConsumer each) throws InterruptedException {
        long cpu = MACHINE.getProcessCpuTime();
        long begin = System.nanoTime();
        int failed = send(requests, each);
        return new Result(
                requests, failed, (System.nanoTime() - begin) / 1e9, (MACHINE.getProcessCpuTime() - cpu) / 1e9);
    }

    /** Sends them all, and waits for the answers; gives the number of those that did not come. */
    abstract int send(int requests, IntConsumer each) throws InterruptedException;

    @Override
    public abstract void close();
}
