package io.github.lbkit.http.internal.transport;

import io.github.lbkit.http.internal.tls.ListenerEngines;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * A transport over TLS, of either side. It holds bytes only while there is a part of a record or a record that the
 * channel did not take. The tasks of a handshake run on {@link HandshakeThreads}. Confined to its loop.
 *
 * <p>A close_notify alert is an orderly end of the input; a FIN without the alert is {@link #TRUNCATED}. A second
 * handshake on a connection (renegotiation) ends the connection. After a failure, the peer receives the alert that
 * explains it.
 */
public final class TlsTransport implements Transport {
    private static final String TLS_1_3 = "TLSv1.3";

    /** A peer that reads nothing can make an engine answer again and again. Beyond this, its input is not read. */
    private static final int MAX_UNSENT = 128 * 1024;

    private static final Listener NO_LISTENER = new Listener() {
        @Override
        public void transportResumed() {}

        @Override
        public void operationsChanged() {}
    };

    private static final HandshakeObserver NO_OBSERVER = new HandshakeObserver() {
        @Override
        public void failed(String reason) {}

        @Override
        public void plainRequest() {}
    };

    private final SocketChannel channel;
    private final TlsLoop resources;
    private final RecordOutput output;
    private final HandshakeObserver observer;

    /** The source of the engine; null on the side of a client. */
    private final @Nullable ListenerEngines engines;

    private Listener listener = NO_LISTENER;

    /** The engine; null before the first message of a client was read. */
    private @Nullable SSLEngine engine;

    /** Bytes that were received and not decoded; null if there are none. */
    private byte @Nullable [] undecoded;

    /** True if {@link #undecoded} may be decoded although no channel event reports it. */
    private boolean retries;

    /** True on the side of a client before TCP is connected. */
    private boolean connecting;

    /** True while a task of the engine runs on another thread. The engine must not be used meanwhile. */
    private boolean taskRuns;

    /** True if this handshake has a permit of {@link HandshakeThreads}. */
    private boolean hasPermit;

    /** True while the handshake waits for a permit. */
    private boolean awaitsPermit;

    private boolean established;
    private boolean begun;
    private boolean inputEnded;
    private boolean outputEnded;

    /** True if the client does not speak TLS: its input is dropped. */
    private boolean refused;

    /** The failure that ended the connection; null if there was none. */
    private @Nullable TlsFailure failure;

    /** Written by the loop, read by the threads of handshakes. */
    private volatile boolean closed;

    private TlsTransport(
            SocketChannel channel,
            TlsLoop resources,
            @Nullable ListenerEngines engines,
            @Nullable SSLEngine engine,
            HandshakeObserver observer)
            throws IOException {
        this.channel = channel;
        this.resources = resources;
        this.engines = engines;
        this.engine = engine;
        this.observer = observer;
        output = new RecordOutput(channel, resources.buffers());
        connecting = engines == null;
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    /**
     * Returns the transport of an accepted connection, which it owns.
     *
     * @param received bytes that were read from the channel before; empty if there are none
     */
    public static TlsTransport ofClient(
            SocketChannel channel,
            TlsLoop resources,
            ListenerEngines engines,
            HandshakeObserver observer,
            byte[] received)
            throws IOException {
        TlsTransport transport = new TlsTransport(channel, resources, engines, null, observer);
        if (received.length > 0) {
            transport.undecoded = received.clone();
            transport.retries = true;
        }
        return transport;
    }

    /** Returns the transport of a connection to a server, which is not connected yet and which it owns. */
    public static TlsTransport toServer(SocketChannel channel, TlsLoop resources, SSLEngine engine) throws IOException {
        return new TlsTransport(channel, resources, null, engine, NO_OBSERVER);
    }

    @Override
    public SelectableChannel channel() {
        return channel;
    }

    @Override
    public void listen(Listener newListener) {
        listener = newListener;
    }

    @Override
    public boolean isSecure() {
        return true;
    }

    @Override
    public boolean isInHandshake() {
        return !established && !connecting;
    }

    @Override
    public @Nullable X509Certificate peerCertificate() {
        SSLEngine current = engine;
        if (current == null || !established) {
            return null;
        }
        try {
            Certificate[] chain = current.getSession().getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate leaf ? leaf : null;
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
    }

    @Override
    public boolean connect(SocketAddress address) throws IOException {
        return channel.connect(address) && tcpConnected();
    }

    @Override
    public boolean finishConnect() throws IOException {
        throwFailure();
        if (connecting) {
            return channel.finishConnect() && tcpConnected();
        }
        flush();
        if (!established && !taskRuns && !output.isStuck()) {
            ByteBuffer dropped = resources.buffers().records().dropped();
            int ended = receive(dropped, true);
            if (!established && ended != 0) {
                throw fail(new TlsFailure("it closed the connection during the TLS handshake"));
            }
        }
        listener.operationsChanged();
        return established;
    }

    private boolean tcpConnected() throws IOException {
        connecting = false;
        SSLEngine current = engine();
        try {
            current.beginHandshake();
        } catch (IOException | RuntimeException e) {
            throw fail(e);
        }
        advance(current);
        listener.operationsChanged();
        return established;
    }

    private SSLEngine engine() {
        SSLEngine current = engine;
        if (current == null) {
            throw new IllegalStateException("the first message of the client was not read");
        }
        return current;
    }

    @Override
    public int operationsFor(int wanted) {
        if (connecting) {
            return SelectionKey.OP_CONNECT;
        }
        int writing = output.isStuck() ? SelectionKey.OP_WRITE : 0;
        if (taskRuns || awaitsPermit) {
            return writing;
        }
        if (!established) {
            boolean reads = wanted == SelectionKey.OP_CONNECT || (wanted & SelectionKey.OP_READ) != 0;
            return writing == 0 && reads ? SelectionKey.OP_READ : writing;
        }
        int operations = wanted | writing;
        return output.size() > MAX_UNSENT ? operations & ~SelectionKey.OP_READ : operations;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        throwFailure();
        if (refused) {
            return drop();
        }
        if (taskRuns || awaitsPermit || output.size() > MAX_UNSENT) {
            return 0;
        }
        int before = into.position();
        int ended = inputEnded ? END : receive(into, false);
        int read = into.position() - before;
        return read > 0 ? read : ended;
    }

    /**
     * Receives records and decodes them. Takes no more than has room as plaintext, so that nothing is left behind.
     *
     * @param handshakeOnly whether decoding stops where the handshake ends
     * @return 0, or {@link #END} or {@link #TRUNCATED} after the last byte
     */
    private int receive(ByteBuffer into, boolean handshakeOnly) throws IOException {
        byte[] kept = undecoded;
        ByteBuffer net = resources.buffers().records().in();
        if (kept != null) {
            net.put(kept);
        }
        int most = Math.min(net.remaining(), into.remaining() - net.position());
        int received = most > 0 ? readChannel(net, most) : 0;
        begun |= received > 0;
        net.flip();
        retries = false;
        try {
            decode(net, into, handshakeOnly);
        } finally {
            undecoded = net.hasRemaining() ? Arrays.copyOfRange(net.array(), net.position(), net.limit()) : null;
        }
        if (inputEnded) {
            return END;
        }
        return received < 0 && !taskRuns ? cut() : 0;
    }

    private int readChannel(ByteBuffer net, int most) throws IOException {
        ByteBuffer direct = resources.buffers().input();
        direct.clear().limit(Math.min(direct.capacity(), most));
        int received = channel.read(direct);
        if (received > 0) {
            net.put(direct.flip());
        }
        return received;
    }

    /** Handles a FIN without close_notify. */
    private int cut() {
        if (established) {
            return TRUNCATED;
        }
        if (begun) { // a probe of the port that sends nothing is no failure
            observer.failed("it closed the connection during the TLS handshake");
        }
        return END;
    }

    private void decode(ByteBuffer net, ByteBuffer into, boolean handshakeOnly) throws IOException {
        SSLEngine current = engine;
        if (current == null) {
            current = afterFirstMessage(net);
            engine = current;
        }
        while (current != null && !taskRuns && !inputEnded && net.hasRemaining()) {
            boolean before = established;
            if (before && handshakeOnly) {
                break;
            }
            SSLEngineResult result;
            try {
                result = current.unwrap(net, into);
            } catch (IOException | RuntimeException e) {
                throw fail(e);
            }
            Status status = result.getStatus();
            if (status == Status.CLOSED) {
                inputEnded = true;
            } else if (before && isRenegotiation(current)) {
                throw fail(new TlsFailure("it began a second handshake on the connection"));
            }
            advance(current);
            if (status == Status.BUFFER_UNDERFLOW) {
                return;
            }
            if (status == Status.BUFFER_OVERFLOW) {
                retries = true;
                return;
            }
        }
        retries = !taskRuns && net.hasRemaining() && current != null;
    }

    private boolean isRenegotiation(SSLEngine current) {
        HandshakeStatus status = current.getHandshakeStatus();
        boolean handshakes =
                status == HandshakeStatus.NEED_TASK || (status != HandshakeStatus.NOT_HANDSHAKING && !outputEnded);
        return handshakes && !current.getSession().getProtocol().equals(TLS_1_3);
    }

    /** Returns an engine for the client's first message; null while the message is incomplete. */
    private @Nullable SSLEngine afterFirstMessage(ByteBuffer net) throws IOException {
        ListenerEngines source = engines;
        byte[] bytes = net.array();
        int from = net.position();
        int to = net.limit();
        if (source == null || from == to) {
            return null;
        }
        if (PlainRequest.isBegin(bytes, from, to)) {
            refuse(net);
            return null;
        }
        ClientHello hello = PlainRequest.isIncomplete(bytes, from, to) ? null : ClientHello.read(bytes, from, to);
        if (hello == null) {
            if (to - from >= ClientHello.MAX_BYTES) {
                throw fail(new TlsFailure("its ClientHello is longer than " + ClientHello.MAX_BYTES + " bytes"));
            }
            return null;
        }
        if (!hasPermit && !resources.threads().admit(() -> resources.loop().execute(this::permitGranted))) {
            awaitsPermit = true;
            listener.operationsChanged();
            return null;
        }
        hasPermit = true;
        try {
            SSLEngine made = source.engine(hello.serverName());
            made.beginHandshake();
            return made;
        } catch (IOException | RuntimeException e) {
            throw fail(e);
        }
    }

    private void permitGranted() {
        awaitsPermit = false;
        hasPermit = true;
        if (closed) {
            releasePermit();
            return;
        }
        retries = true;
        listener.operationsChanged();
        listener.transportResumed();
    }

    private void releasePermit() {
        if (hasPermit) {
            hasPermit = false;
            resources.threads().release();
        }
    }

    /** Answers a request without TLS. The rest of its bytes is dropped, so that the client can read the response. */
    private void refuse(ByteBuffer net) throws IOException {
        refused = true;
        net.position(net.limit());
        observer.plainRequest();
        output.writePlain(PlainRequest.RESPONSE);
        shutdownOutput();
        listener.operationsChanged();
    }

    private int drop() throws IOException {
        ByteBuffer direct = resources.buffers().input();
        return channel.read(direct.clear()) < 0 ? END : 0;
    }

    /** Does what the engine needs besides input: writes its messages, and starts its tasks. */
    private void advance(SSLEngine current) throws IOException {
        HandshakeStatus status = current.getHandshakeStatus();
        if (status == HandshakeStatus.NEED_WRAP) {
            try {
                output.say(current);
            } catch (IOException | RuntimeException e) {
                throw fail(e);
            }
            status = current.getHandshakeStatus();
            if (output.isStuck()) {
                listener.operationsChanged();
            }
        }
        if (status == HandshakeStatus.NEED_TASK) {
            runTasks(current);
        } else if (!established && status == HandshakeStatus.NOT_HANDSHAKING) {
            established = true;
            listener.operationsChanged();
        }
    }

    private void runTasks(SSLEngine current) throws IOException {
        boolean ahead = engines == null || begunBefore(current);
        taskRuns = true;
        try {
            resources.threads().execute(ahead, () -> {
                try {
                    for (Runnable task; !closed && (task = current.getDelegatedTask()) != null; ) {
                        task.run();
                    }
                } finally {
                    resources.loop().execute(this::tasksEnded);
                }
            });
        } catch (RejectedExecutionException e) {
            taskRuns = false;
            throw fail(new TlsFailure("the proxy stops"));
        }
        listener.operationsChanged();
    }

    private static boolean begunBefore(SSLEngine current) {
        return current.getHandshakeSession() != null;
    }

    private void tasksEnded() {
        taskRuns = false;
        releasePermit();
        SSLEngine current = engine;
        if (closed || current == null) {
            return;
        }
        try {
            advance(current);
        } catch (IOException e) {
            // the listener meets the failure at its next call
        }
        if (!taskRuns) {
            retries = undecoded != null;
            listener.operationsChanged();
            listener.transportResumed();
        }
    }

    /** Sends the alert that explains a failure. Returns the failure, for the caller to throw. */
    private TlsFailure fail(Throwable cause) {
        TlsFailure failed = TlsFailure.of(cause);
        failure = failed;
        releasePermit();
        SSLEngine current = engine;
        if (current != null && !taskRuns) {
            if (cause instanceof TlsFailure) { // not of the engine, which knows no alert for it
                current.closeOutbound();
            }
            sayLast(current);
        }
        if (!established) {
            observer.failed(failed.reason());
        }
        return failed;
    }

    private void sayLast(SSLEngine current) {
        try {
            output.say(current);
        } catch (IOException | RuntimeException e) {
            // the peer is gone, or the engine has nothing to say
        }
    }

    private void throwFailure() throws IOException {
        TlsFailure failed = failure;
        if (failed != null) {
            throw failed;
        }
    }

    @Override
    public boolean hasPendingInput() {
        return !taskRuns && !awaitsPermit && (retries || inputEnded);
    }

    @Override
    public int heldInputBytes() {
        byte[] held = undecoded;
        return held == null ? 0 : held.length;
    }

    @Override
    public int write(byte[] bytes, int from, int to) throws IOException {
        throwFailure();
        if (!established || taskRuns || output.isStuck()) {
            return 0;
        }
        if (outputEnded) {
            throw new TlsFailure("the output of the TLS connection has ended");
        }
        return output.write(engine(), bytes, from, to);
    }

    @Override
    public int unflushedBytes() {
        return output.size();
    }

    @Override
    public void flush() throws IOException {
        if (!output.isStuck()) {
            throwFailure();
            return;
        }
        output.flush();
        if (!output.isStuck()) {
            if (outputEnded) {
                shutDownChannel();
            }
            listener.operationsChanged();
        }
        throwFailure();
    }

    @Override
    public void shutdownOutput() {
        SSLEngine current = engine;
        if (outputEnded || failure != null) {
            return;
        }
        outputEnded = true;
        if (current != null && established && !taskRuns) {
            current.closeOutbound();
            sayLast(current);
        }
        if (!output.isStuck()) {
            shutDownChannel();
        }
    }

    private void shutDownChannel() {
        try {
            channel.shutdownOutput();
        } catch (IOException | RuntimeException e) {
            closeChannel(); // not connected any more
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        SSLEngine current = engine;
        try {
            output.flush();
            if (current != null && established && !taskRuns && failure == null && !outputEnded) {
                current.closeOutbound();
                output.say(current);
            }
            if (failure != null) {
                drop(); // bytes that were not read would turn the end into a reset, before the peer reads the alert
            }
        } catch (IOException | RuntimeException e) {
            // closed all the same
        }
        closeChannel();
    }

    private void closeChannel() {
        closed = true;
        if (!taskRuns) {
            releasePermit();
        }
        try {
            channel.close();
        } catch (IOException e) {
            // the process has released the socket all the same
        }
    }

    @Override
    public void reset() {
        closed = true;
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            // closed already, or never connected
        }
        closeChannel();
    }
}
