package io.github.lbkit.docker.internal.engine;

import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Connections to an engine: for calls, and apart from them for what goes on for ever, so that neither starves the other.
 * Thread-safe.
 *
 * <p>A read from a unix socket heeds an interrupt and no timeout; one from a TCP socket heeds a timeout, which is the
 * connection's, and no interrupt. Hence calls over TCP have connections by how long they may take, of which there are few.
 */
final class EngineConnections implements AutoCloseable {
    /** The longest silence of an event stream over TCP; then it is opened anew, lest it be dead for ever. */
    private static final Duration STREAM_SILENCE = Duration.ofSeconds(90);

    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final EngineAddress address;
    private final DockerHttpClient streams;

    /** By how long a call may take; a unix socket has one for all. */
    private final Map<Duration, DockerHttpClient> calls = new ConcurrentHashMap<>();

    EngineConnections(EngineAddress address) {
        this.address = address;
        streams = client(STREAM_SILENCE);
    }

    private DockerHttpClient client(Duration silence) {
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
        DockerHttpClient client =
                endless ? streams : calls.computeIfAbsent(address.unix() ? Duration.ZERO : call.within(), this::client);
        return client.execute(request.build());
    }

    @Override
    public void close() {
        List<DockerHttpClient> all = new ArrayList<>(calls.values());
        all.add(streams);
        for (DockerHttpClient client : all) {
            try {
                client.close();
            } catch (IOException gone) {
                // a connection that cannot be closed in peace is closed all the same
            }
        }
    }
}
