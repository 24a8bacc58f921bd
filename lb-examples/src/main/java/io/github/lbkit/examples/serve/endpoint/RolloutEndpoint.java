package io.github.lbkit.examples.serve.endpoint;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.PoolChange.ServerChange;
import io.github.lbkit.api.PoolChangeRefusedException;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.pool.supervised.LaunchSpec;
import io.github.lbkit.api.pool.supervised.RollingPool;
import io.github.lbkit.api.pool.supervised.RolloutOptions;
import io.github.lbkit.examples.secret.Secrets;
import io.github.lbkit.http.LocalHandler;
import io.github.lbkit.http.LocalRequest;
import io.github.lbkit.http.LocalResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Brings the pool's servers to another image or command: POST begins, GET tells how far the last one is. A POST answers
 * when the rollout is over, or after a second with what is the case then. Thread-safe.
 */
public final class RolloutEndpoint {
    /** Its raw path. */
    public static final String PATH = "/rollout";

    /** What is refused is refused within this, and small pools are done. */
    private static final long PATIENCE_MILLIS = 1_000;

    private final ServerPool pool;
    private final boolean commands;
    private final Secrets secrets;

    /** The last that was asked for and not refused at once; guarded by this. */
    private @Nullable Asked last;

    /** Guarded by this. */
    private int count;

    /**
     * The endpoint over this pool.
     *
     * @param commands whether commands are taken: whoever may send one runs what he likes as this process's user
     */
    public RolloutEndpoint(ServerPool pool, boolean commands, Secrets secrets) {
        this.secrets = secrets;
        this.pool = pool;
        this.commands = commands;
    }

    /** What answers at {@link #PATH}. */
    public LocalHandler handler() {
        return Endpoint.get(request -> latest()).and("POST", this::begin);
    }

    /** One rollout that was asked for, and what came of it. */
    private record Asked(
            int number,
            RollingPool pool,
            LaunchSpec from,
            CompletableFuture<LaunchSpec> resolved,
            LaunchSpec named,
            int surge,
            CompletableFuture<PoolChange> end) {
        static Asked begin(int number, RollingPool pool, LaunchSpec from, LaunchSpec named, int surge) {
            CompletableFuture<LaunchSpec> resolved = pool.resolve(named).toCompletableFuture();
            CompletableFuture<PoolChange> end =
                    resolved.thenCompose(to -> pool.rollOut(to, RolloutOptions.DEFAULTS.withSurge(surge)));
            return new Asked(number, pool, from, resolved, named, surge, end);
        }

        /** What the servers are to be made of; with the image that its name stands for, once the engine has said. */
        LaunchSpec to() {
            return resolved.isCompletedExceptionally() ? named : resolved.getNow(named);
        }

        /** What happened to each server; none as long as it is under way, or if it failed as a whole. */
        Map<String, ServerChange> changes() {
            Map<String, ServerChange> changes = new LinkedHashMap<>();
            if (end.isDone() && !end.isCompletedExceptionally()) {
                end.join().servers().forEach(change -> changes.put(change.id(), change));
            }
            return changes;
        }

        State state() {
            return !end.isDone()
                    ? State.RUNNING
                    : !end.isCompletedExceptionally() && end.join().complete() ? State.COMPLETE : State.STOPPED;
        }
    }

    private enum State {
        RUNNING("running", 202),
        COMPLETE("complete", 200),
        STOPPED("stopped", 503);

        private final String word;
        private final int status;

        State(String word, int status) {
            this.word = word;
            this.status = status;
        }
    }

    private LocalResponse begin(LocalRequest request) throws Refusal, InterruptedException {
        RolloutBody body = RolloutBody.of(request);
        if (!(pool instanceof RollingPool rolling)) {
            throw new Refusal(
                    409,
                    "the servers of pool '" + pool.name()
                            + "' are not launched by this balancer, so it cannot make them of something else");
        }
        if (body.command() != null && !commands) {
            throw new Refusal(
                    403,
                    "a command runs as the user of this balancer, whoever sends it: that needs --admin-token-file");
        }
        Asked asked;
        synchronized (this) {
            LaunchSpec from = rolling.spec();
            LaunchSpec to = body.revert()
                    ? rolling.revertsTo()
                            .orElseThrow(() -> new Refusal(
                                    409,
                                    "nothing was rolled out in pool '" + pool.name()
                                            + "', so there is nothing to revert"))
                    : body.spec(from);
            asked = Asked.begin(++count, rolling, from, to, body.surge());
        }
        refuseAtOnce(asked);
        synchronized (this) {
            if (last == null || last.number() < asked.number()) {
                last = asked;
            }
        }
        return told(asked, asked.state().status);
    }

    private static void refuseAtOnce(Asked asked) throws Refusal, InterruptedException {
        try {
            var unused = asked.end().get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return; // it is under way
        } catch (ExecutionException e) {
            if (e.getCause() instanceof PoolChangeRefusedException refused) {
                boolean closed = refused.reason() == PoolChangeRefusedException.Reason.CLOSED;
                throw new Refusal(closed ? 503 : 409, String.valueOf(refused.getMessage()));
            }
            throw new IllegalStateException("the pool failed to roll out", e.getCause());
        }
    }

    private LocalResponse latest() {
        Asked asked;
        synchronized (this) {
            asked = last;
        }
        return asked == null ? Json.object(200, json -> json.writeStringField("state", "none")) : told(asked, 200);
    }

    private LocalResponse told(Asked asked, int status) {
        return Json.object(status, json -> {
            json.writeStringField("state", asked.state().word);
            json.writeNumberField("number", asked.number());
            json.writeStringField("from", Secrets.masked(asked.from().toString()));
            LaunchSpec to = asked.to();
            json.writeStringField("to", Secrets.masked(to.toString()));
            json.writeNumberField("surge", asked.surge());
            json.writeArrayFieldStart("servers");
            Map<String, String> specs = asked.pool().specs();
            Map<String, ServerChange> changes = asked.changes();
            for (String id : asked.pool().desired()) {
                json.writeStartObject();
                json.writeStringField("id", id);
                json.writeBooleanField("new", to.hash().equals(specs.get(id)));
                ServerChange change = changes.get(id);
                if (change != null) {
                    write(json, change, secrets);
                }
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private static void write(JsonGenerator json, ServerChange change, Secrets secrets) throws IOException {
        json.writeStringField("outcome", change.outcome().name());
        if (!change.detail().isEmpty()) {
            json.writeStringField("detail", secrets.hide(change.detail()));
        }
    }
}
