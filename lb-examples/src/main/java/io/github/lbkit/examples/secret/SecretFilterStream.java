package io.github.lbkit.examples.secret;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * A stream that removes the values of secrets from lines. It wraps the standard error stream, to which all libraries
 * log. An incomplete line waits for its end, so that a secret in two writes is found. Thread-safe by the lock of its
 * {@link PrintStream}.
 */
public final class SecretFilterStream extends OutputStream {
    private static final int MAX_LINE = 64 << 10;

    private final Secrets secrets;
    private final OutputStream out;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    private SecretFilterStream(Secrets secrets, OutputStream out) {
        this.secrets = secrets;
        this.out = out;
    }

    /** Returns a filtered stream; returns the given stream if there are no secrets. */
    public static PrintStream before(PrintStream out, Secrets secrets) {
        return secrets.any()
                ? new PrintStream(new SecretFilterStream(secrets, out), true, StandardCharsets.UTF_8)
                : out;
    }

    @Override
    public void write(int value) throws IOException {
        line.write(value);
        if (value == '\n' || line.size() >= MAX_LINE) {
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
