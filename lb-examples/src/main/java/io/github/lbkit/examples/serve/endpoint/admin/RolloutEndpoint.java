package io.github.lbkit.examples.serve.endpoint.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.PoolChange.ServerChange;
import io.github.lbkit.api.PoolChangeRefusedException;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.pool.supervised.LaunchSpec;
import io.github.lbkit.api.pool.supervised.RollingPool;
import io.github.lbkit.api.pool.supervised.RolloutOptions;
import io.github.lbkit.examples.secret.Secrets;
import io.github.lbkit.examples.serve.endpoint.Endpoint;
import io.github.lbkit.examples.serve.endpoint.JsonResponse;
import io.github.lbkit.examples.serve.endpoint.Refusal;
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
 * The endpoint for rollouts of another image or command. POST starts a rollout, GET returns the progress of the last
 * one. A POST is answered when the rollout ends, or with its progress after one second. Thread-safe.
 */
public final class RolloutEndpoint {
    /** The raw path of the endpoint. */
    public static final String PATH = "/rollout";

    /** The time that a POST waits for a refusal or, in a small pool, for the end. */
    private static final long WAIT_MILLIS = 1_000;

    private final ServerPool pool;
    private final boolean commands;
    private final Secrets secrets;

    /** The last rollout that was not refused at once; guarded by this object's monitor. */
    private @Nullable Rollout last;

    /** The number of rollouts so far; guarded by this object's monitor. */
    private int count;

    /**
     * Creates the endpoint of a pool.
     *
     * @param commands whether commands are accepted; a client that may send one can run any program as this user
     */
    public RolloutEndpoint(ServerPool pool, boolean commands, Secrets secrets) {
        this.secrets = secrets;
        this.pool = pool;
        this.commands = commands;
    }

    /** Returns the handler of {@link #PATH}. */
    public LocalHandler handler() {
        return Endpoint.get(request -> latest()).and("POST", this::begin);
    }

    /** One rollout and its outcome. */
    private record Rollout(
            int number,
            RollingPool pool,
            LaunchSpec from,
            CompletableFuture<LaunchSpec> resolved,
            LaunchSpec requested,
            int surge,
            CompletableFuture<PoolChange> end) {
        static Rollout begin(int number, RollingPool pool, LaunchSpec from, LaunchSpec requested, int surge) {
            CompletableFuture<LaunchSpec> resolved = pool.resolve(requested).toCompletableFuture();
            CompletableFuture<PoolChange> end =
                    resolved.thenCompose(to -> pool.rollOut(to, RolloutOptions.DEFAULTS.withSurge(surge)));
            return new Rollout(number, pool, from, resolved, requested, surge, end);
        }

        /**
         * Returns the new specification; its image name is replaced by the image id once the engine has resolved it.
         */
        LaunchSpec to() {
            return resolved.isCompletedExceptionally() ? requested : resolved.getNow(requested);
        }

        /** Returns the change of each server; empty while the rollout runs, and if it failed as a whole. */
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
                            + "' are not launched by this balancer, so it cannot roll out another specification");
        }
        if (body.command() != null && !commands) {
            throw new Refusal(403, "a command runs as the user of this balancer, so commands need --admin-token-file");
        }
        Rollout rollout;
        synchronized (this) {
            LaunchSpec from = rolling.spec();
            LaunchSpec to = body.revert()
                    ? rolling.revertsTo()
                            .orElseThrow(() -> new Refusal(
                                    409,
                                    "nothing was rolled out in pool '" + pool.name()
                                            + "', so there is nothing to revert"))
                    : body.spec(from);
            rollout = Rollout.begin(++count, rolling, from, to, body.surge());
        }
        refuseAtOnce(rollout);
        synchronized (this) {
            if (last == null || last.number() < rollout.number()) {
                last = rollout;
            }
        }
        return response(rollout, rollout.state().status);
    }

    private static void refuseAtOnce(Rollout rollout) throws Refusal, InterruptedException {
        try {
            var unused = rollout.end().get(WAIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return; // the rollout runs
        } catch (ExecutionException e) {
            if (e.getCause() instanceof PoolChangeRefusedException refused) {
                boolean closed = refused.reason() == PoolChangeRefusedException.Reason.CLOSED;
                throw new Refusal(closed ? 503 : 409, String.valueOf(refused.getMessage()));
            }
            throw new IllegalStateException("the pool failed to roll out", e.getCause());
        }
    }

    private LocalResponse latest() {
        Rollout rollout;
        synchronized (this) {
            rollout = last;
        }
        return rollout == null
                ? JsonResponse.object(200, json -> json.writeStringField("state", "none"))
                : response(rollout, 200);
    }

    private LocalResponse response(Rollout rollout, int status) {
        return JsonResponse.object(status, json -> {
            json.writeStringField("state", rollout.state().word);
            json.writeNumberField("number", rollout.number());
            json.writeStringField("from", Secrets.masked(rollout.from().toString()));
            LaunchSpec to = rollout.to();
            json.writeStringField("to", Secrets.masked(to.toString()));
            json.writeNumberField("surge", rollout.surge());
            json.writeArrayFieldStart("servers");
            Map<String, String> specs = rollout.pool().specs();
            Map<String, ServerChange> changes = rollout.changes();
            for (String id : rollout.pool().desired()) {
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
