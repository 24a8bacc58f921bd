package io.github.lbkit.docker.internal.engine;

import java.util.concurrent.CompletionException;

/** Causes of failed completion stages. */
public final class Causes {
    private Causes() {}

    /** Returns the cause of a {@link CompletionException}, and any other failure itself. */
    public static Throwable unwrap(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** Returns the message of the {@linkplain #unwrap unwrapped} failure, or its class name if it has no message. */
    public static String message(Throwable failure) {
        Throwable cause = unwrap(failure);
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
