package io.github.lbkit.http.internal.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * The engine of one connection: its handshake, its tasks on {@link HandshakeThreads}, its end and its failure. Confined
 * to its loop; while a task runs on another thread, the engine is not used.
 */
final class TlsSession {
    private static final String TLS_1_3 = "TLSv1.3";

    private final SSLEngine engine;
    private final TlsLoop resources;
    private final RecordOutput output;
    private final Owner owner;

    /** True if the tasks of the handshake go before the first tasks of clients. */
    private boolean ahead;

    private boolean taskRuns;
    private boolean established;
    private boolean inputEnded;
    private boolean outputEnded;

    /** The failure that ended the session; null if there was none. */
    private @Nullable TlsFailure failure;

    /** True if no task is needed any more. Written by the loop, read by the threads of handshakes. */
    private volatile boolean closed;

    /** The transport of the session. Called on the loop. */
    interface Owner {
        /** Handles that another set of channel events is needed now. May be called within a call of the session. */
        void operationsChanged();

        /** Handles that the tasks have ended. Never called within a call of the session. */
        void tasksEnded();

        /** Handles that the handshake failed. */
        void handshakeFailed(TlsFailure failed);
    }

    TlsSession(SSLEngine engine, boolean ofServer, TlsLoop resources, RecordOutput output, Owner owner) {
        this.engine = engine;
        this.resources = resources;
        this.output = output;
        this.owner = owner;
        ahead = ofServer;
    }

    /** Begins the handshake: on the side of a client, the first message is sent. */
    void begin() throws TlsFailure {
        try {
            engine.beginHandshake();
        } catch (IOException | RuntimeException e) {
            throw fail(e);
        }
        advance();
    }

    boolean isTaskRunning() {
        return taskRuns;
    }

    /** Returns whether the handshake has ended, and data may be sent and received. */
    boolean isEstablished() {
        return established;
    }

    /** Returns whether the peer has sent close_notify. */
    boolean isInputEnded() {
        return inputEnded;
    }

    /** Returns the verified certificate of the peer; null if it has shown none. */
    @Nullable
    X509Certificate peerCertificate() {
        try {
            Certificate[] chain = engine.getSession().getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate leaf ? leaf : null;
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
    }

    /**
     * Decodes records as far as possible now.
     *
     * @param handshakeOnly whether decoding stops where the handshake ends
     * @return whether the remaining bytes can be decoded without further ones
     */
    boolean decode(ByteBuffer net, ByteBuffer into, boolean handshakeOnly) throws TlsFailure {
        while (!taskRuns && !inputEnded && net.hasRemaining() && !(handshakeOnly && established)) {
            Status status = decodeOne(net, into);
            if (status == Status.BUFFER_UNDERFLOW) {
                return false;
            }
            if (status == Status.BUFFER_OVERFLOW) {
                return true;
            }
        }
        return !taskRuns && net.hasRemaining();
    }

    private Status decodeOne(ByteBuffer net, ByteBuffer into) throws TlsFailure {
        boolean before = established;
        SSLEngineResult result;
        try {
            result = engine.unwrap(net, into);
        } catch (IOException | RuntimeException e) {
            throw fail(e);
        }
        if (result.getStatus() == Status.CLOSED) {
            inputEnded = true;
        } else if (before && isRenegotiation()) {
            throw fail(new TlsFailure("it began a second handshake on the connection"));
        }
        advance();
        return result.getStatus();
    }

    private boolean isRenegotiation() {
        HandshakeStatus status = engine.getHandshakeStatus();
        boolean handshakes =
                status == HandshakeStatus.NEED_TASK || (status != HandshakeStatus.NOT_HANDSHAKING && !outputEnded);
        return handshakes && !engine.getSession().getProtocol().equals(TLS_1_3);
    }

    /** Does what the engine needs besides input: writes its messages, and starts its tasks. */
    private void advance() throws TlsFailure {
        HandshakeStatus status = engine.getHandshakeStatus();
        if (status == HandshakeStatus.NEED_WRAP) {
            try {
                output.say(engine);
            } catch (IOException | RuntimeException e) {
                throw fail(e);
            }
            status = engine.getHandshakeStatus();
            if (output.isStuck()) {
                owner.operationsChanged();
            }
        }
        if (status == HandshakeStatus.NEED_TASK) {
            runTasks();
        } else if (!established && status == HandshakeStatus.NOT_HANDSHAKING) {
            established = true;
            owner.operationsChanged();
        }
    }

    private void runTasks() throws TlsFailure {
        taskRuns = true;
        try {
            resources.threads().execute(ahead, () -> {
                try {
                    for (Runnable task; !closed && (task = engine.getDelegatedTask()) != null; ) {
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
        ahead = true;
        owner.operationsChanged();
    }

    private void tasksEnded() {
        taskRuns = false;
        if (!closed) {
            try {
                advance();
            } catch (TlsFailure e) {
                // the owner meets the failure at its next call
            }
        }
        owner.tasksEnded();
    }

    /** Notes a failure, and sends the alert that explains it. Returns the failure, for the caller to throw. */
    private TlsFailure fail(Throwable cause) {
        TlsFailure failed = TlsFailure.of(cause);
        failure = failed;
        if (!established) {
            owner.handshakeFailed(failed);
        }
        if (!taskRuns) {
            if (cause instanceof TlsFailure) { // not of the engine, which knows no alert for it
                engine.closeOutbound();
            }
            sayLast();
        }
        return failed;
    }

    private void sayLast() {
        try {
            output.say(engine);
        } catch (IOException | RuntimeException e) {
            // the peer is gone, or the engine has nothing to say
        }
    }

    /** Throws the failure that ended the session, if there was one. */
    void throwFailure() throws TlsFailure {
        TlsFailure failed = failure;
        if (failed != null) {
            throw failed;
        }
    }

    /** Encrypts and writes plaintext. Returns the number of bytes that were accepted, which may be 0. */
    int write(byte[] bytes, int from, int to) throws IOException {
        if (!established || taskRuns || output.isStuck()) {
            return 0;
        }
        if (outputEnded) {
            throw new TlsFailure("the output of the TLS connection has ended");
        }
        return output.write(engine, bytes, from, to);
    }

    /** Sends close_notify, if the handshake has ended. Later calls do nothing. */
    void endOutput() {
        if (!outputEnded && failure == null && established && !taskRuns) {
            outputEnded = true;
            engine.closeOutbound();
            sayLast();
        }
    }

    /** Drops the tasks that have not begun. */
    void close() {
        closed = true;
    }
}
