package io.github.lbkit.docker.internal;

import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient;
import java.io.IOException;
import java.time.Duration;

/**
 * Connections to an engine: one set for calls, one for what goes on for ever, so that neither starves the other.
 * Thread-safe.
 */
final class EngineWire implements AutoCloseable {
    /** The longest silence of a TCP connection during a call; a unix socket knows none, and has its guard. */
    private static final Duration CALL_SILENCE = Duration.ofSeconds(60);

    /** The longest silence of an event stream over TCP; then it is opened anew, lest it be dead for ever. */
    private static final Duration STREAM_SILENCE = Duration.ofSeconds(90);

    /** Building and pulling are silent while they think. */
    private static final Duration TRANSFER_SILENCE = Duration.ofMinutes(10);

    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final DockerHttpClient calls;
    private final DockerHttpClient streams;
    private final DockerHttpClient transfers;

    EngineWire(EngineAddress address) {
        calls = client(address, CALL_SILENCE);
        streams = client(address, STREAM_SILENCE);
        transfers = client(address, TRANSFER_SILENCE);
    }

    private static DockerHttpClient client(EngineAddress address, Duration silence) {
        ApacheDockerHttpClient.Builder builder = new ApacheDockerHttpClient.Builder()
                .dockerHost(address.uri())
                .connectionTimeout(CONNECT)
                .responseTimeout(silence);
        address.certificates()
                .ifPresent(directory -> builder.sslConfig(() -> new PemFiles(directory, address.verified()).context()));
        return builder.build();
    }

    /** Sends a call; the answer's head is there when this returns. */
    DockerHttpClient.Response send(EngineCall call, String versioned, boolean endless) {
        DockerHttpClient.Request.Builder request = DockerHttpClient.Request.builder();
        request.method(call.method()).path(versioned);
        request.putHeader("Host", "docker");
        if (call.body().isPresent()) {
            request.putHeader("Content-Type", call.type());
            request.body(call.body().get().get());
        }
        DockerHttpClient client = endless ? streams : transfers(call) ? transfers : calls;
        return client.execute(request.build());
    }

    private static boolean transfers(EngineCall call) {
        return call.within().compareTo(CALL_SILENCE) > 0;
    }

    @Override
    public void close() {
        for (DockerHttpClient client : new DockerHttpClient[] {calls, streams, transfers}) {
            try {
                client.close();
            } catch (IOException gone) {
                // a connection that cannot be closed in peace is closed all the same
            }
        }
    }
}
