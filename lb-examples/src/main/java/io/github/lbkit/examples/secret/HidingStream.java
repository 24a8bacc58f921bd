package io.github.lbkit.examples.secret;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * A stream that passes lines on without the values of secrets: for the standard error stream, where log lines of every
 * library end. An unfinished line waits for its end, so that a secret that comes in two writes is found. Thread-safe by
 * the lock of the {@link PrintStream} around it.
 */
public final class HidingStream extends OutputStream {
    private static final int LONGEST = 64 << 10;

    private final Secrets secrets;
    private final OutputStream out;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    private HidingStream(Secrets secrets, OutputStream out) {
        this.secrets = secrets;
        this.out = out;
    }

    /** Returns a stream in place of this one; the same one where there is nothing to hide. */
    public static PrintStream before(PrintStream out, Secrets secrets) {
        return secrets.any() ? new PrintStream(new HidingStream(secrets, out), true, StandardCharsets.UTF_8) : out;
    }

    @Override
    public void write(int value) throws IOException {
        line.write(value);
        if (value == '\n' || line.size() >= LONGEST) {
            pass();
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            write(bytes[i]);
        }
    }

    private void pass() throws IOException {
        byte[] shown = secrets.hideKnown(line.toString(StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
        line.reset();
        out.write(shown);
        out.flush();
    }

    @Override
    public void close() throws IOException {
        pass();
        out.flush();
    }
}
