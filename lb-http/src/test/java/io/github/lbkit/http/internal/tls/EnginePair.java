package io.github.lbkit.http.internal.tls;

import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** A client and a server whose records go through memory. Confined to one thread. */
final class EnginePair {
    private static final int ROOM = 1 << 16;

    private final SSLEngine client;
    private final SSLEngine server;
    private final ByteBuffer toServer = ByteBuffer.allocate(ROOM);
    private final ByteBuffer toClient = ByteBuffer.allocate(ROOM);

    EnginePair(SSLEngine client, SSLEngine server) {
        this.client = client;
        this.server = server;
    }

    /** Completes the handshake, and sends a byte each way, so that tickets and late refusals have come. */
    static EnginePair connect(SSLEngine client, SSLEngine server) throws SSLException {
        EnginePair pair = new EnginePair(client, server);
        pair.handshake();
        pair.exchange();
        return pair;
    }

    private void handshake() throws SSLException {
        client.beginHandshake();
        server.beginHandshake();
        for (int i = 0; i < 50 && (isHandshaking(client) || isHandshaking(server)); i++) {
            step(client, toClient, toServer);
            step(server, toServer, toClient);
        }
        if (isHandshaking(client) || isHandshaking(server)) {
            throw new SSLException("the handshake does not end");
        }
    }

    private static boolean isHandshaking(SSLEngine engine) {
        return engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING;
    }

    /** Lets an engine read what has come and write what it has to say. */
    private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        in.flip();
        boolean goesOn = true;
        while (goesOn) {
            runTasks(engine);
            goesOn = false;
            if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                goesOn = engine.wrap(ByteBuffer.allocate(0), out).bytesProduced() > 0;
            } else if (in.hasRemaining()) {
                SSLEngineResult result = engine.unwrap(in, ByteBuffer.allocate(ROOM));
                goesOn = result.bytesConsumed() > 0;
            }
        }
        in.compact();
    }

    private static void runTasks(SSLEngine engine) {
        for (Runnable task; (task = engine.getDelegatedTask()) != null; ) {
            task.run();
        }
    }

    /** Sends a byte from each side to the other one. */
    void exchange() throws SSLException {
        send(client, server, toServer);
        send(server, client, toClient);
    }

    private static void send(SSLEngine from, SSLEngine to, ByteBuffer records) throws SSLException {
        from.wrap(ByteBuffer.wrap(new byte[] {42}), records);
        records.flip();
        ByteBuffer received = ByteBuffer.allocate(ROOM);
        for (int i = 0; i < 10 && records.hasRemaining(); i++) {
            to.unwrap(records, received);
            runTasks(to);
        }
        records.compact();
        if (!Arrays.equals(new byte[] {42}, Arrays.copyOf(received.array(), received.position()))) {
            throw new SSLException("the byte did not come through");
        }
    }

    /** The client's view of the session. */
    javax.net.ssl.SSLSession clientSession() {
        return client.getSession();
    }

    /** The server's view of the session. */
    javax.net.ssl.SSLSession serverSession() {
        return server.getSession();
    }
}
