package io.github.lbkit.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * The steps of a {@link ScriptedServer} on one connection, which it closes after the last step. Each method returns a
 * new script with one more step. Immutable. Text is sent with one byte per char.
 *
 * <p>The text that is sent may hold two responses or a false length; these need no steps of their own.
 */
public final class ServerScript {
    private final List<Step> steps;

    /** One step. */
    @FunctionalInterface
    interface Step {
        /** Runs the step; returns false if no step may follow. */
        boolean play(ScriptedConnection connection) throws IOException, InterruptedException;
    }

    /** Creates a script without steps, which closes the connection at once. */
    public ServerScript() {
        this(List.of());
    }

    private ServerScript(List<Step> steps) {
        this.steps = steps;
    }

    /**
     * Returns a script that answers every request without body with this text, until the client closes the connection.
     */
    public static ServerScript answering(String response) {
        return new ServerScript().expectHead().send(response).again();
    }

    /** Reads and records a head up to its empty line; the script ends if the client closes the connection instead. */
    public ServerScript expectHead() {
        return then(ScriptedConnection::readHead);
    }

    /** Reads this number of bytes. */
    public ServerScript expect(int bytes) {
        return then(c -> c.readBytes(bytes));
    }

    /** Reads up to the end of this text, such as the last chunk. */
    public ServerScript expectThrough(String text) {
        byte[] marker = bytes(text);
        return then(c -> c.readThrough(marker));
    }

    /** Reads until the client closes its direction of the connection. */
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

    /** Sends these bytes this many times, for bodies larger than memory. */
    public ServerScript sendRepeatedly(byte[] bytes, int times) {
        byte[] copy = bytes.clone();
        return then(c -> {
            for (int i = 0; i < times; i++) {
                c.write(copy, 0, copy.length);
            }
            return true;
        });
    }

    /** Sends this text with one write per byte. */
    public ServerScript trickle(String text) {
        byte[] bytes = bytes(text);
        return then(c -> {
            for (int i = 0; i < bytes.length; i++) {
                c.write(bytes, i, 1);
            }
            return true;
        });
    }

    /** Waits until the test counts this latch down to 0. */
    public ServerScript await(CountDownLatch gate) {
        return then(c -> {
            gate.await();
            return true;
        });
    }

    /** Counts this latch down, which signals to the test that the script has come to this step. */
    public ServerScript reached(CountDownLatch point) {
        return then(c -> {
            point.countDown();
            return true;
        });
    }

    /** Neither reads nor writes until the server is closed, even if the client closes the connection. */
    public ServerScript stall() {
        return await(new CountDownLatch(1));
    }

    /** Closes the direction to the client; later steps may still read. */
    public ServerScript halfClose() {
        return then(ScriptedConnection::shutDownOutput);
    }

    /** Resets the connection, so that the client reads an error. The last step. */
    public ServerScript reset() {
        return then(ScriptedConnection::reset);
    }

    /** Closes the connection. The last step. */
    public ServerScript close() {
        return then(c -> false);
    }

    /** Repeats the script from its first step. The last step. */
    public ServerScript again() {
        List<Step> repeated = steps;
        return then(c -> {
            while (c.playAll(repeated)) {
                // until a step returns false
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
