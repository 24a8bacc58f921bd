package io.github.lbkit.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * What a {@link ScriptedServer} does on one connection, step by step; after the last step it closes the connection. Each
 * method adds a step and gives a new script: a script is immutable, and may be shared. Text is sent one byte a char.
 *
 * <p>Answering twice or lying about a length needs no step of its own: it is in the text that is sent.
 */
public final class ServerScript {
    private final List<Step> steps;

    /** One step. */
    @FunctionalInterface
    interface Step {
        /** Does it; false if nothing may follow. */
        boolean play(ScriptedConnection connection) throws IOException, InterruptedException;
    }

    /** A script without steps: it closes the connection at once. */
    public ServerScript() {
        this(List.of());
    }

    private ServerScript(List<Step> steps) {
        this.steps = steps;
    }

    /** Answers every request without body by this text, until the client ends the connection. */
    public static ServerScript answering(String response) {
        return new ServerScript().expectHead().send(response).again();
    }

    /** Reads a head, to its empty line and no further, and keeps it; the script ends if the client ends instead. */
    public ServerScript expectHead() {
        return then(ScriptedConnection::readHead);
    }

    /** Reads so many bytes. */
    public ServerScript expect(int bytes) {
        return then(c -> c.readBytes(bytes));
    }

    /** Reads to the end of this text, such as the last chunk. */
    public ServerScript expectThrough(String text) {
        byte[] marker = bytes(text);
        return then(c -> c.readThrough(marker));
    }

    /** Reads until the client ends its direction of the connection. */
    public ServerScript expectEnd() {
        return then(ScriptedConnection::readToEnd);
    }

    /** Sends this text. */
    public ServerScript send(String text) {
        return send(bytes(text));
    }

    /** Sends these bytes. */
    public ServerScript send(byte[] bytes) {
        return sendRepeatedly(bytes, 1);
    }

    /** Sends these bytes again and again: bodies larger than memory. */
    public ServerScript sendRepeatedly(byte[] bytes, int times) {
        byte[] copy = bytes.clone();
        return then(c -> {
            for (int i = 0; i < times; i++) {
                c.write(copy, 0, copy.length);
            }
            return true;
        });
    }

    /** Sends this text byte by byte, each by a write of its own. */
    public ServerScript trickle(String text) {
        byte[] bytes = bytes(text);
        return then(c -> {
            for (int i = 0; i < bytes.length; i++) {
                c.write(bytes, i, 1);
            }
            return true;
        });
    }

    /** Waits until the test opens this gate. */
    public ServerScript await(CountDownLatch gate) {
        return then(c -> {
            gate.await();
            return true;
        });
    }

    /** Counts this down, to tell the test that the script came here. */
    public ServerScript reached(CountDownLatch point) {
        return then(c -> {
            point.countDown();
            return true;
        });
    }

    /** Neither reads nor writes until the server is closed; does not notice that the client left. */
    public ServerScript stall() {
        return await(new CountDownLatch(1));
    }

    /** Ends its own direction of the connection, and may read on. */
    public ServerScript halfClose() {
        return then(ScriptedConnection::shutDownOutput);
    }

    /** Ends the connection by a reset, so that the client reads an error instead of an end. The last step. */
    public ServerScript reset() {
        return then(ScriptedConnection::reset);
    }

    /** Ends the connection. The last step. */
    public ServerScript close() {
        return then(c -> false);
    }

    /** Begins again with the first step. The last step. */
    public ServerScript again() {
        List<Step> repeated = steps;
        return then(c -> {
            while (c.playAll(repeated)) {
                // until a step says that nothing may follow
            }
            return false;
        });
    }

    List<Step> steps() {
        return steps;
    }

    private ServerScript then(Step step) {
        List<Step> more = new ArrayList<>(steps);
        more.add(step);
        return new ServerScript(List.copyOf(more));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
