package io.github.lbkit.api.health;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.runtime.NameResolver;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.api.runtime.Scheduler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A probe over a new connection, by TCP or a Unix domain socket: connects, then either checks that the connection
 * stays open for a moment, or sends bytes and compares the beginning of the response. Thread-safe; owns two daemon
 * threads (one for sockets, one for deadlines) until it is closed, and one for each probe of a Unix domain socket. The
 * addresses of a name come from {@link Runtimes#names} and are tried in their order, each within its share of the
 * timeout.
 *
 * <p><b>Good for</b> readiness, and any protocol whose response begins with known bytes. <b>Bad for</b> proof of more
 * than a first line. A forwarder may accept connections for dead servers, so that an accepted connection alone proves
 * nothing: the connection must also stay open.
 */
public final class TcpProbe implements Probe, AutoCloseable {
    /** The time for which a connection must stay open by default if no bytes are sent. */
    static final Duration STAYS_OPEN = Duration.ofMillis(50);

    private final Scheduler scheduler;
    private final NameResolver names;
    private final AsynchronousChannelGroup sockets;

    /** The threads of probes of Unix domain sockets, one for each probe in progress. */
    private final ExecutorService unixThreads = Executors.newCachedThreadPool(task -> daemon(task, "tcp-probe-unix"));

    private final String path;

    /** The bytes to send; where there is a path, the bytes before the request of the path. */
    private final byte[] request;

    private final List<String> accepted;
    private final Duration staysOpen;

    private TcpProbe(Runtimes runtimes, String path, byte[] request, List<String> accepted, Duration staysOpen) {
        this.staysOpen = staysOpen;
        this.path = path;
        this.request = request;
        this.accepted = List.copyOf(accepted);
        scheduler = runtimes.scheduler("tcp-probe");
        names = runtimes.names();
        try {
            sockets = AsynchronousChannelGroup.withFixedThreadPool(1, task -> daemon(task, "tcp-probe-sockets"));
        } catch (IOException e) {
            scheduler.close();
            throw new UncheckedIOException("no thread for the sockets of probes", e);
        }
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Returns a probe that passes if a connection is accepted and stays open for 50 ms. */
    public static TcpProbe connecting(Runtimes runtimes) {
        return connecting(runtimes, STAYS_OPEN);
    }

    /**
     * Returns a probe that passes if a connection is accepted and stays open for this time. A forwarder that accepts
     * for a dead server may need longer to close the connection.
     *
     * @param staysOpen more than 0, less than the timeout of the probes
     */
    public static TcpProbe connecting(Runtimes runtimes, Duration staysOpen) {
        if (staysOpen.isNegative() || staysOpen.isZero()) {
            throw new IllegalArgumentException("a connection must stay open for more than 0, not " + staysOpen);
        }
        return new TcpProbe(runtimes, "", new byte[0], List.of(), staysOpen);
    }

    /**
     * Returns a probe that passes if the response to these bytes begins with one of the accepted texts, compared as
     * ISO-8859-1.
     *
     * @param accepted at least one text, none of them empty
     */
    public static TcpProbe exchanging(Runtimes runtimes, byte[] request, List<String> accepted) {
        if (request.length == 0 || accepted.isEmpty() || accepted.contains("")) {
            throw new IllegalArgumentException(
                    "a probe that exchanges needs bytes to send and at least one non-empty beginning to accept, not "
                            + request.length + " bytes and " + accepted);
        }
        return new TcpProbe(runtimes, "", request.clone(), accepted, STAYS_OPEN);
    }

    /**
     * Returns a probe that passes if {@code GET path} is answered with status 200 over HTTP/1.x.
     *
     * @param path begins with {@code /}, printable ASCII without blanks
     */
    public static TcpProbe http(Runtimes runtimes, String path) {
        return http(runtimes, path, new byte[0]);
    }

    /**
     * Returns a probe as {@link #http(Runtimes, String)} does, whose connections begin with these bytes before the
     * request, such as a PROXY header.
     *
     * @param preface the bytes; copied
     */
    public static TcpProbe http(Runtimes runtimes, String path, byte[] preface) {
        if (!path.matches("/[!-~]*")) {
            throw new IllegalArgumentException(
                    "probe path '" + path + "' is not '/' and printable ASCII without blanks");
        }
        return new TcpProbe(runtimes, path, preface.clone(), List.of("HTTP/1.1 200", "HTTP/1.0 200"), STAYS_OPEN);
    }

    @Override
    public CompletionStage<ProbeResult> probe(Instance instance, Duration timeout) {
        Address address = instance.address();
        byte[] bytes = request(instance);
        Optional<UnixDomainSocketAddress> unix = address.unixSocket();
        return unix.isPresent()
                ? new UnixExchange(scheduler, address, unix.get(), bytes, accepted, staysOpen)
                        .begin(unixThreads, timeout)
                : new TcpExchange(sockets, scheduler, address, bytes, accepted, staysOpen).begin(names, timeout);
    }

    private byte[] request(Instance instance) {
        if (path.isEmpty()) {
            return request;
        }
        String head = "GET " + path + " HTTP/1.0\r\nHost: " + instance.address().authority()
                + "\r\nUser-Agent: lbkit-probe\r\nConnection: close\r\n\r\n";
        byte[] bytes = Arrays.copyOf(request, request.length + head.length());
        System.arraycopy(head.getBytes(StandardCharsets.US_ASCII), 0, bytes, request.length, head.length());
        return bytes;
    }

    /** Ends the threads; probes under way fail or never complete. A second call does nothing. */
    @Override
    public void close() {
        scheduler.close();
        unixThreads.shutdownNow();
        try {
            sockets.shutdownNow();
        } catch (IOException e) {
            throw new UncheckedIOException("sockets of probes did not close", e);
        }
    }
}
