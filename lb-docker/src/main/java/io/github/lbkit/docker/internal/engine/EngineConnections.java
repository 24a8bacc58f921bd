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
 * The HTTP connections to an engine. Calls and event streams have separate connections, so that neither starves the
 * other. Thread-safe.
 *
 * <p>An interrupt ends a read from a unix socket, and a timeout does not. A timeout of the connection ends a read from
 * a TCP socket, and an interrupt does not. Hence calls over TCP use one client for each distinct timeout, of which
 * there are few.
 */
final class EngineConnections implements AutoCloseable {
    /**
     * The longest silence of an event stream over TCP; then the stream is opened again, in case its connection is dead.
     */
    private static final Duration STREAM_SILENCE = Duration.ofSeconds(90);

    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final EngineAddress address;
    private final DockerHttpClient streams;

    /** The clients by the timeout of their calls; a unix socket has one client for all timeouts. */
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

    /** Sends a call and returns when the response head has arrived. */
    DockerHttpClient.Response send(EngineCall call, String versioned, boolean endless) {
        DockerHttpClient.Request.Builder request = DockerHttpClient.Request.builder();
        request.method(call.method()).path(versioned);
        request.putHeader("Host", "docker");
        if (call.body().isPresent()) {
            request.putHeader("Content-Type", call.type());
            request.body(call.body().get().get());
        }
        DockerHttpClient client = endless
                ? streams
                : calls.computeIfAbsent(address.unix() ? Duration.ZERO : call.timeout(), this::client);
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
                // the connection is unusable either way
            }
        }
    }
}
