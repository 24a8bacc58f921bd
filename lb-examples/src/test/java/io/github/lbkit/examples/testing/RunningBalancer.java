package io.github.lbkit.examples.testing;

import io.github.lbkit.examples.serve.Balancer;
import io.github.lbkit.examples.serve.settings.ServeSettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A balancer as {@code serve} starts it, on free ports, with a state directory of its own. */
public final class RunningBalancer implements AutoCloseable {
    public final Balancer balancer;
    public final InetSocketAddress traffic;
    public final InetSocketAddress admin;

    public RunningBalancer(Path state, String... arguments) throws Exception {
        balancer = Balancer.start(settings(state, arguments));
        balancer.awaitReady();
        traffic = balancer.address();
        admin = balancer.adminAddress().orElse(traffic);
    }

    public static ServeSettings settings(Path state, String... arguments) {
        List<String> all = new ArrayList<>(
                List.of("--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--state-dir", state.toString()));
        all.addAll(List.of(arguments));
        return ServeSettings.of(all);
    }

    public RawHttp get(String target) throws Exception {
        return RawHttp.get(traffic, target);
    }

    public static void await(String what, BooleanSupplier condition) {
        await(what, 20, condition);
    }

    public static void await(String what, int seconds, BooleanSupplier condition) {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + seconds + " s: " + what);
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    @Override
    public void close() {
        balancer.close();
    }
}
