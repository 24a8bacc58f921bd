package io.github.lbkit.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a {@link ScriptedServer}. Its script runs on a thread of its own; its monitor guards the results.
 */
final class ScriptedConnection {
    private static final byte[] EMPTY_LINE = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ScriptedServer server;
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final List<String> heads = new ArrayList<>();
    private long sent;
    private boolean ended;
    private @Nullable String failure;

    ScriptedConnection(ScriptedServer server, Socket socket) throws IOException {
        this.server = server;
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    void play(ServerScript script) {
        try {
            boolean unused = playAll(script.steps());
        } catch (IOException e) {
            fail(e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end();
        }
    }

    boolean playAll(List<ServerScript.Step> steps) throws IOException, InterruptedException {
        for (ServerScript.Step step : steps) {
            if (!step.play(this)) {
                return false;
            }
        }
        return true;
    }

    /** Reads to the first empty line; returns false if the peer closed the connection before the first byte. */
    boolean readHead() throws IOException {
        int before = receivedLength();
        if (!readThrough(EMPTY_LINE)) {
            return false;
        }
        synchronized (this) {
            heads.add(received().substring(before));
        }
        server.changed();
        return true;
    }

    /** Reads to the end of the marker; returns false if the peer closed the connection before the first byte. */
    boolean readThrough(byte[] marker) throws IOException {
        byte[] last = new byte[marker.length];
        for (int count = 0; count < marker.length || !Arrays.equals(last, marker); count++) {
            int b = in.read();
            if (b < 0) {
                if (count == 0) {
                    return false;
                }
                throw new EOFException(
                        "the peer closed the connection after " + count + " bytes, before the expected text");
            }
            record(b);
            System.arraycopy(last, 1, last, 0, last.length - 1);
            last[last.length - 1] = (byte) b;
        }
        server.changed();
        return true;
    }

    boolean readBytes(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("the peer closed the connection after " + i + " of " + count + " bytes");
            }
            record(b);
        }
        server.changed();
        return true;
    }

    boolean readToEnd() throws IOException {
        for (int b; (b = in.read()) >= 0; ) {
            record(b);
        }
        server.changed();
        return true;
    }

    void write(byte[] bytes, int from, int count) throws IOException {
        out.write(bytes, from, count);
        synchronized (this) {
            sent += count;
        }
    }

    boolean shutDownOutput() throws IOException {
        socket.shutdownOutput();
        return true;
    }

    boolean reset() throws IOException {
        socket.setSoLinger(true, 0);
        return false;
    }

    void end() {
        try {
            socket.close();
        } catch (IOException e) {
            fail(e.toString());
        }
        synchronized (this) {
            ended = true;
        }
        server.changed();
    }

    synchronized boolean ended() {
        return ended;
    }

    synchronized List<String> heads() {
        return List.copyOf(heads);
    }

    synchronized String received() {
        return received.toString(StandardCharsets.ISO_8859_1);
    }

    synchronized long sent() {
        return sent;
    }

    synchronized Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    private synchronized int receivedLength() {
        return received.size();
    }

    private synchronized void record(int b) {
        received.write(b);
    }

    private synchronized void fail(String description) {
        failure = description;
    }
}
