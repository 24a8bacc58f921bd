package io.github.lbkit.http.internal.transport;

import io.github.lbkit.http.internal.tls.ListenerEngines;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * A transport over TLS, of either side. It holds bytes only while there is a part of a record or a record that the
 * channel did not take. Confined to its loop.
 *
 * <p>A close_notify alert is an orderly end of the input; a FIN without the alert is {@link #TRUNCATED}. A second
 * handshake on a connection (renegotiation) ends the connection. After a failure, the peer receives the alert that
 * explains it.
 */
public final class TlsTransport implements Transport, TlsSession.Owner {
    /** A peer that reads nothing can make an engine answer again and again. Beyond this, its input is not read. */
    private static final int MAX_UNSENT = 128 * 1024;

    private final SocketChannel channel;
    private final TlsLoop resources;
    private final RecordOutput output;

    /** The receiver of failed handshakes; null on the side of a client, whose caller meets the failure. */
    private final @Nullable HandshakeObserver observer;

    /** The first bytes of a client; null on the side of a client. */
    private final @Nullable ClientGreeting greeting;

    /** The listener; null before the first one. */
    private @Nullable Listener listener;

    /** The session; null before the first message of a client was read. */
    private @Nullable TlsSession session;

    /** Bytes that were received and not decoded; null if there are none. */
    private byte @Nullable [] undecoded;

    /** True if {@link #undecoded} may be decoded although no channel event reports it. */
    private boolean retries;

    /** The bytes that begin the connection, before the handshake; null if there are none. */
    private byte @Nullable [] preface;

    /** True on the side of a client before TCP is connected. */
    private boolean connecting;

    private boolean receivedAny;
    private boolean outputEnded;

    /** True if the client does not speak TLS: its input is dropped. */
    private boolean refused;

    /** The failure before there was a session; null if there was none. */
    private @Nullable TlsFailure failure;

    private boolean closed;

    private TlsTransport(
            SocketChannel channel,
            TlsLoop resources,
            @Nullable ListenerEngines engines,
            @Nullable HandshakeObserver observer)
            throws IOException {
        this.channel = channel;
        this.resources = resources;
        this.observer = observer;
        output = new RecordOutput(channel, resources.buffers());
        greeting = engines == null ? null : new ClientGreeting(engines, resources, this::tasksEnded);
        connecting = engines == null;
        channel.configureBlocking(false);
        if (channel.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY)) { // not on a Unix socket
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
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
        TlsTransport transport = new TlsTransport(channel, resources, engines, observer);
        if (received.length > 0) {
            transport.undecoded = received.clone();
            transport.retries = true;
        }
        return transport;
    }

    /**
     * Returns the transport of a connection to a server, which is not connected yet and which it owns.
     *
     * @param preface the bytes that the connection begins with, before the handshake, such as a PROXY header; null for
     *     none
     */
    public static TlsTransport toServer(
            SocketChannel channel, TlsLoop resources, SSLEngine engine, byte @Nullable [] preface) throws IOException {
        TlsTransport transport = new TlsTransport(channel, resources, null, null);
        transport.preface = preface;
        transport.session = new TlsSession(engine, true, resources, transport.output, transport);
        return transport;
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
        return !connecting && !isEstablished();
    }

    private boolean isEstablished() {
        TlsSession current = session;
        return current != null && current.isEstablished();
    }

    /** Returns whether neither reading nor writing goes on until a task has ended. */
    private boolean isSuspended() {
        TlsSession current = session;
        return (current != null && current.isTaskRunning()) || (greeting != null && greeting.awaitsPermit());
    }

    @Override
    public @Nullable X509Certificate peerCertificate() {
        TlsSession current = session;
        return current != null && current.isEstablished() ? current.peerCertificate() : null;
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
        if (!isEstablished() && !isSuspended() && !output.isStuck()) {
            int ended = receive(resources.buffers().records().dropped(), true);
            if (!isEstablished() && ended != 0) {
                throw new TlsFailure("it closed the connection during the TLS handshake");
            }
        }
        operationsChanged();
        return isEstablished();
    }

    private boolean tcpConnected() throws IOException {
        connecting = false;
        byte[] first = preface;
        if (first != null) {
            preface = null;
            PlainTransport.writePreface(first, channel, resources.buffers());
        }
        if (session != null) {
            session.begin();
        }
        operationsChanged();
        return false;
    }

    @Override
    public int operationsFor(int wanted) {
        if (connecting) {
            return SelectionKey.OP_CONNECT;
        }
        int writing = output.isStuck() ? SelectionKey.OP_WRITE : 0;
        if (isSuspended()) {
            return writing;
        }
        if (!isEstablished()) {
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
        if (isSuspended() || output.size() > MAX_UNSENT) {
            return 0;
        }
        int before = into.position();
        int ended = isInputEnded() ? END : receive(into, false);
        int read = into.position() - before;
        return read > 0 ? read : ended;
    }

    private boolean isInputEnded() {
        TlsSession current = session;
        return current != null && current.isInputEnded();
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
        receivedAny |= received > 0;
        net.flip();
        retries = false;
        try {
            decode(net, into, handshakeOnly);
        } finally {
            undecoded = rest(net);
        }
        if (isInputEnded()) {
            return END;
        }
        return received < 0 && !isSuspended() ? cut() : 0;
    }

    private static byte @Nullable [] rest(ByteBuffer net) {
        if (!net.hasRemaining()) {
            return null;
        }
        byte[] rest = new byte[net.remaining()];
        net.get(rest);
        return rest;
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

    private void decode(ByteBuffer net, ByteBuffer into, boolean handshakeOnly) throws IOException {
        if (session == null && greeting != null && net.hasRemaining()) {
            greet(greeting, net);
        }
        if (session != null) {
            retries = session.decode(net, into, handshakeOnly);
        }
    }

    private void greet(ClientGreeting first, ByteBuffer net) throws IOException {
        if (ClientGreeting.isPlain(net)) {
            refuse(net);
            return;
        }
        try {
            SSLEngine engine = first.engine(net);
            if (engine != null) {
                TlsSession begun = new TlsSession(engine, false, resources, output, this);
                session = begun;
                begun.begin();
            } else if (first.awaitsPermit()) {
                operationsChanged();
            }
        } catch (TlsFailure e) {
            if (session == null) { // else the session has reported it
                failure = e;
                handshakeFailed(e);
            }
            throw e;
        }
    }

    /** Answers a request without TLS. The rest of its bytes is dropped, so that the client can read the response. */
    private void refuse(ByteBuffer net) throws IOException {
        refused = true;
        net.position(net.limit());
        if (observer != null) {
            observer.plainRequest();
        }
        output.writePlain(PlainRequest.RESPONSE);
        shutdownOutput();
        operationsChanged();
    }

    private int drop() throws IOException {
        return channel.read(resources.buffers().input().clear()) < 0 ? END : 0;
    }

    /** Handles a FIN without close_notify. */
    private int cut() {
        if (isEstablished()) {
            return TRUNCATED;
        }
        if (receivedAny && observer != null) { // a probe of the port that sends nothing is no failure
            observer.failed("it closed the connection during the TLS handshake");
        }
        return END;
    }

    @Override
    public void operationsChanged() {
        if (listener != null) {
            listener.operationsChanged();
        }
    }

    @Override
    public void tasksEnded() {
        releasePermit();
        if (closed) {
            return;
        }
        if (!isSuspended()) {
            retries = undecoded != null;
            operationsChanged();
            if (listener != null) {
                listener.transportResumed();
            }
        }
    }

    @Override
    public void handshakeFailed(TlsFailure failed) {
        releasePermit();
        if (observer != null) {
            observer.failed(failed.reason());
        }
    }

    /** Releases the permit of a handshake whose first tasks have ended. */
    private void releasePermit() {
        TlsSession current = session;
        if (greeting != null && (closed || current != null)) {
            greeting.release();
        }
    }

    private void throwFailure() throws TlsFailure {
        TlsFailure failed = failure;
        if (failed != null) {
            throw failed;
        }
        if (session != null) {
            session.throwFailure();
        }
    }

    @Override
    public boolean hasPendingInput() {
        return !isSuspended() && (retries || isInputEnded());
    }

    @Override
    public int heldInputBytes() {
        byte[] held = undecoded;
        return held == null ? 0 : held.length;
    }

    @Override
    public int write(byte[] bytes, int from, int to) throws IOException {
        throwFailure();
        return session == null ? 0 : session.write(bytes, from, to);
    }

    @Override
    public int unflushedBytes() {
        return output.size();
    }

    @Override
    public void flush() throws IOException {
        if (output.isStuck()) {
            output.flush();
            if (!output.isStuck()) {
                if (outputEnded) {
                    shutDownChannel();
                }
                operationsChanged();
            }
        }
        throwFailure();
    }

    @Override
    public void shutdownOutput() {
        if (!outputEnded) {
            outputEnded = true;
            if (session != null) {
                session.endOutput();
            }
            if (!output.isStuck()) {
                shutDownChannel();
            }
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
        try {
            output.flush();
            if (session != null) {
                session.endOutput();
            }
            if (!connecting) {
                int unused = drop(); // bytes that were not read would make a reset, before the peer reads the end
            }
        } catch (IOException | RuntimeException e) {
            // closed all the same
        }
        closeChannel();
    }

    private void closeChannel() {
        closed = true;
        if (session != null) {
            session.close();
        }
        releasePermit();
        try {
            channel.close();
        } catch (IOException e) {
            // the process has released the socket all the same
        }
    }

    @Override
    public void reset() {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            // closed already, or never connected
        }
        closeChannel();
    }
}
