package io.github.lbkit.examples.serve.endpoint;

import io.github.lbkit.http.LocalHandler;
import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.RequestHead;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The log of what operators change: one line for each request that could change something, with who asked, what for, and what
 * was answered. At most {@value #REFUSED_A_SECOND} lines a second are about requests that were refused; the next line says how
 * many were left out. Requests that only read have no line. Thread-safe.
 */
public final class AdminLog {
    /** The greatest number of lines a second about requests that were refused. */
    static final int REFUSED_A_SECOND = 10;

    private static final Logger LOG = LoggerFactory.getLogger(AdminLog.class);
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

    /** Its body and answer hold a command line, in which there may be secrets. */
    private static final Set<String> SECRET_BODIES = Set.of(RolloutEndpoint.PATH);

    private static final int SHOWN = 300;

    private final String listener;
    private final LongSupplier nanoTime;

    /** When the second began in which refusals are counted; guarded by this object's monitor. */
    private long secondBegan;

    /** The number of refusals in this second; guarded by this object's monitor. */
    private int inSecond;

    /** The number of refusals without a line since the last line about one; guarded by this object's monitor. */
    private long leftOut;

    /**
     * A log for one listener.
     *
     * @param listener its name
     * @param nanoTime counts nanoseconds from any origin
     */
    public AdminLog(String listener, LongSupplier nanoTime) {
        this.listener = listener;
        this.nanoTime = nanoTime;
        secondBegan = nanoTime.getAsLong();
    }

    /** Returns the handler with a line for each request that may change something. */
    public LocalHandler over(LocalHandler handler) {
        return request -> {
            if (READING.contains(request.head().method())) {
                return handler.handle(request);
            }
            long began = nanoTime.getAsLong();
            LocalResponse answer;
            try {
                answer = handler.handle(request);
            } catch (Exception e) {
                log(request.head(), request.body(), 500, String.valueOf(e), nanoTime.getAsLong() - began);
                throw e;
            }
            log(request.head(), request.body(), answer.status(), text(answer.body()), nanoTime.getAsLong() - began);
            return answer;
        };
    }

    /** Returns the guard with a line for each request that it refuses and that may change something. */
    public Function<RequestHead, Optional<LocalResponse>> overGuard(
            Function<RequestHead, Optional<LocalResponse>> guard) {
        return head -> {
            Optional<LocalResponse> refused = guard.apply(head);
            if (refused.isPresent() && !READING.contains(head.method())) {
                log(
                        head,
                        new byte[0],
                        refused.get().status(),
                        text(refused.get().body()),
                        0);
            }
            return refused;
        };
    }

    private void log(RequestHead head, byte[] body, int status, String answer, long nanos) {
        boolean refused = status >= 400;
        long without = refused ? admitRefusal() : 0;
        if (without < 0) {
            return;
        }
        boolean secret = SECRET_BODIES.contains(head.path());
        String asked = secret ? "(not shown)" : text(body);
        String answered = secret ? "(not shown)" : answer;
        String client = head.clientAddress().getHostAddress();
        boolean token = head.header("Authorization").isPresent();
        LOG.atLevel(refused ? Level.WARN : Level.INFO)
                .addKeyValue("event", refused ? "admin-refused" : "admin-change")
                .addKeyValue("listener", listener)
                .addKeyValue("client", client)
                .addKeyValue("token", token)
                .addKeyValue("method", head.method())
                .addKeyValue("target", head.target())
                .addKeyValue("status", status)
                .addKeyValue("millis", TimeUnit.NANOSECONDS.toMillis(nanos))
                .addKeyValue("request", asked)
                .addKeyValue("answer", answered)
                .addArgument(listener)
                .addArgument(head.method())
                .addArgument(head.target())
                .addArgument(asked)
                .addArgument(client)
                .addArgument(token ? "with a token" : "without a token")
                .addArgument(status)
                .addArgument(TimeUnit.NANOSECONDS.toMillis(nanos))
                .addArgument(refused ? ": " + answered : "")
                .log("admin on {}: {} {} {} from {} {} was answered {} after {} ms{}"
                        + (without == 0 ? "" : " (" + without + " refusals before this one are not shown)"));
    }

    /** Returns how many refusals had no line since the last one; -1 if this one is to have none either. */
    private synchronized long admitRefusal() {
        long now = nanoTime.getAsLong();
        if (now - secondBegan >= TimeUnit.SECONDS.toNanos(1)) {
            secondBegan = now;
            inSecond = 0;
        }
        if (++inSecond > REFUSED_A_SECOND) {
            leftOut++;
            return -1;
        }
        long without = leftOut;
        leftOut = 0;
        return without;
    }

    private static String text(byte[] bytes) {
        String all = new String(bytes, 0, Math.min(bytes.length, 4 * SHOWN), StandardCharsets.UTF_8);
        return all.length() <= SHOWN ? all : all.substring(0, SHOWN) + "…";
    }
}
