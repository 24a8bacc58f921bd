package io.github.lbkit.testkit.docker.internal.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Answers one call on its connection, with the fault that the call has, if any. Used by the thread of the connection.
 */
final class CallExchange {
    private static final byte[] GARBLED_BODY = "{\"Id\": [oops".getBytes(StandardCharsets.US_ASCII);

    private final HttpConnection connection;
    private final Faults faults;
    private final Function<Request, Response> engine;
    private final BiFunction<String, Runnable, Thread> threads;

    /** Creates an exchange; {@code threads} starts a thread of a name. */
    CallExchange(
            HttpConnection connection,
            Faults faults,
            Function<Request, Response> engine,
            BiFunction<String, Runnable, Thread> threads) {
        this.connection = connection;
        this.faults = faults;
        this.engine = engine;
        this.threads = threads;
    }

    /** Answers the call; returns false if the connection must be closed afterwards. */
    boolean answer(Request request) throws IOException, InterruptedException {
        boolean withBody = !request.method().equals("HEAD");
        faults.awaitCallAllowed();
        Optional<CallFault> fault = faults.take(request);
        CallFault.Effect effect = fault.map(CallFault::effect).orElse(null);
        if (fault.isPresent() && effect == CallFault.Effect.REFUSED) {
            connection.write(Response.error(fault.get().status(), fault.get().message()), withBody);
            return true;
        }
        if (effect == CallFault.Effect.UNANSWERED) {
            faults.awaitClosed();
            return false;
        }
        Response response = engine.apply(request);
        Response.Stream stream = response.stream;
        if (stream != null) {
            writeStream(response, stream);
            return false;
        }
        if (effect == CallFault.Effect.TRUNCATED) {
            connection.writeTruncated(response);
            return false;
        }
        if (effect == CallFault.Effect.GARBLED) {
            response = Response.bytes(response.status, "application/json", GARBLED_BODY);
        }
        connection.write(completed(response), withBody);
        return true;
    }

    private static Response completed(Response response) throws InterruptedException {
        if (response.after != null) {
            try {
                var unused = response.after.toCompletableFuture().get();
            } catch (ExecutionException e) {
                return Response.error(500, String.valueOf(e.getCause()));
            }
        }
        return response;
    }

    private void writeStream(Response response, Response.Stream stream) throws IOException, InterruptedException {
        Thread writer = Thread.currentThread();
        Thread watcher = threads.apply("watch", () -> {
            try {
                connection.awaitEnd();
            } catch (IOException e) {
                // a broken connection has ended, too
            }
            writer.interrupt();
        });
        try (stream) {
            connection.writeHead(response);
            stream.writeTo(connection::writeChunk);
            connection.writeLastChunk();
        } finally {
            connection.close();
            watcher.join(TimeUnit.SECONDS.toMillis(5));
        }
    }
}
