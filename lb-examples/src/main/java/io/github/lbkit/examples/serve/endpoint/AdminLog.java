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
 * The log of changes by operators: one line for each request that can change something, with the client, the request
 * and the answer. Refused requests have at most {@value #MAX_REFUSED_PER_SECOND} lines per second; the next line counts
 * the omitted ones. Requests that only read have no line. Thread-safe.
 */
public final class AdminLog {
    /** The maximum number of lines per second about refused requests. */
    static final int MAX_REFUSED_PER_SECOND = 10;

    private static final Logger LOG = LoggerFactory.getLogger(AdminLog.class);
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

    private static final int SHOWN = 300;

    private final String listener;
    private final LongSupplier nanoTime;
    private final Set<String> secretPaths;

    /** The begin of the second in which refusals are counted; guarded by this object's monitor. */
    private long secondBegan;

    /** The number of refusals in this second; guarded by this object's monitor. */
    private int inSecond;

    /** The number of refusals without a line since the last line about one; guarded by this object's monitor. */
    private long omitted;

    /**
     * Creates the log of one listener.
     *
     * @param listener the name of the listener
     * @param nanoTime a clock in nanoseconds with any origin
     * @param secretPaths the paths whose bodies and answers are not shown, since they may contain secrets
     */
    public AdminLog(String listener, LongSupplier nanoTime, Set<String> secretPaths) {
        this.listener = listener;
        this.nanoTime = nanoTime;
        this.secretPaths = Set.copyOf(secretPaths);
        secondBegan = nanoTime.getAsLong();
    }

    /** Returns a handler that logs each request that can change something. */
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

    /** Returns a guard that logs each refused request that could have changed something. */
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
        long omittedBefore = refused ? admitRefusal() : 0;
        if (omittedBefore < 0) {
            return;
        }
        boolean secret = secretPaths.contains(head.path());
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
                        + (omittedBefore == 0
                                ? ""
                                : " (" + omittedBefore + " refusals before this one are not shown)"));
    }

    /** Returns the number of refusals without a line since the last line; -1 if this refusal gets no line either. */
    private synchronized long admitRefusal() {
        long now = nanoTime.getAsLong();
        if (now - secondBegan >= TimeUnit.SECONDS.toNanos(1)) {
            secondBegan = now;
            inSecond = 0;
        }
        if (++inSecond > MAX_REFUSED_PER_SECOND) {
            omitted++;
            return -1;
        }
        long omittedBefore = omitted;
        omitted = 0;
        return omittedBefore;
    }

    private static String text(byte[] bytes) {
        String all = new String(bytes, 0, Math.min(bytes.length, 4 * SHOWN), StandardCharsets.UTF_8);
        return all.length() <= SHOWN ? all : all.substring(0, SHOWN) + "…";
    }
}
