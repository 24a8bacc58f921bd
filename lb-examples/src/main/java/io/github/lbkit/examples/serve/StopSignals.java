package io.github.lbkit.examples.serve;

import io.github.lbkit.examples.log.Logs;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handlers of SIGTERM and SIGINT. The first signal stops the balancer without losing a request, the second stops it
 * at once. {@code sun.misc.Signal} is called by reflection, because it is not part of the Java platform. If it is
 * missing, or the JVM runs with {@code -Xrs}, a shutdown hook stops the balancer, and a second signal has no effect.
 * Thread-safe.
 */
final class StopSignals {
    private static final Logger LOG = LoggerFactory.getLogger(StopSignals.class);
    private static final Duration AT_ONCE = Duration.ofMillis(600);
    private static final Duration LOG_END = Duration.ofMillis(200);

    private final Balancer balancer;
    private final Runnable onFirst;
    private final AtomicBoolean stopping = new AtomicBoolean();

    /** The exit status. Written by the thread of a second signal, read when the process ends. */
    private volatile int exitStatus;

    private StopSignals(Balancer balancer, Runnable onFirst) {
        this.balancer = balancer;
        this.onFirst = onFirst;
    }

    /**
     * Installs the handlers.
     *
     * @param onFirst runs after the first signal and before the stop; must not block
     */
    static StopSignals install(Balancer balancer, Runnable onFirst) {
        StopSignals signals = new StopSignals(balancer, onFirst);
        Runtime.getRuntime().addShutdownHook(new Thread(signals::closeBeforeExit, "lbkit-stop"));
        for (String name : List.of("TERM", "INT")) {
            try {
                signals.handle(name);
            } catch (ReflectiveOperationException | IllegalArgumentException e) {
                LOG.debug("SIG{} is handled by the shutdown hook", name, e);
            }
        }
        return signals;
    }

    private void handle(String name) throws ReflectiveOperationException {
        Class<?> signals = Class.forName("sun.misc.Signal");
        Class<?> handlers = Class.forName("sun.misc.SignalHandler");
        Object signal = signals.getConstructor(String.class).newInstance(name);
        int number = (int) signals.getMethod("getNumber").invoke(signal);
        Object handler = Proxy.newProxyInstance(
                handlers.getClassLoader(), new Class<?>[] {handlers}, (proxy, method, arguments) -> {
                    return switch (method.getName()) {
                        case "handle" -> received(number);
                        case "equals" -> proxy == arguments[0];
                        case "hashCode" -> System.identityHashCode(proxy);
                        default -> "the handler of SIG" + name;
                    };
                });
        try {
            signals.getMethod("handle", signals, handlers).invoke(null, signal, handler);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException("SIG" + name + " cannot be handled", e.getCause());
        }
    }

    /** Handles a signal, on a thread of its own. */
    private @Nullable Object received(int number) {
        if (stopping.compareAndSet(false, true)) {
            onFirst.run();
            balancer.close();
        } else {
            exitStatus = 128 + number;
            balancer.closeNow(AT_ONCE);
            Logs.flush(LOG_END);
            Runtime.getRuntime().halt(exitStatus);
        }
        return null;
    }

    private void closeBeforeExit() {
        balancer.close();
        Logs.flush(LOG_END);
    }

    /** Returns the exit status of the process after the balancer is closed. */
    int exitStatus() {
        return exitStatus;
    }
}
