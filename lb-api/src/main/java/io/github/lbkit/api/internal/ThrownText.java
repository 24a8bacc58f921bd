package io.github.lbkit.api.internal;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.function.Supplier;

/**
 * Text of exceptions that code of others has thrown, for logs and events. Such an exception may itself be broken: its
 * {@code getMessage}, {@code toString} or {@code getStackTrace} may throw. Then the text is the name of its class. No
 * method
 * of this class throws.
 */
public final class ThrownText {
    private ThrownText() {}

    /** Returns the exception's {@code toString}, or the name of its class if that cannot be had. */
    public static String of(Throwable thrown) {
        return attempt(thrown, thrown::toString);
    }

    /** Returns the exception's message; if it has none, the exception's {@code toString}. */
    public static String message(Throwable thrown) {
        return attempt(thrown, () -> {
            String message = thrown.getMessage();
            return message == null ? thrown.toString() : message;
        });
    }

    /**
     * Returns an exception that a log can print with its stack trace: the exception itself, or a substitute that names
     * its
     * class if printing it throws.
     */
    public static Throwable printable(Throwable thrown) {
        try {
            thrown.printStackTrace(new PrintWriter(Writer.nullWriter()));
            return thrown;
        } catch (Throwable e) { // from the exception's own code
            return new IllegalStateException(thrown.getClass().getName() + ", which cannot be printed");
        }
    }

    /** Returns the name of the class whose method threw the exception; {@code "?"} if that is not known. */
    public static String origin(Throwable thrown) {
        try {
            StackTraceElement[] trace = thrown.getStackTrace();
            return trace.length == 0 ? "?" : trace[0].getClassName();
        } catch (Throwable e) { // from the exception's own code
            return "?";
        }
    }

    private static String attempt(Throwable thrown, Supplier<String> text) {
        try {
            return String.valueOf(text.get());
        } catch (Throwable e) { // from the exception's own code
            return thrown.getClass().getName();
        }
    }
}
