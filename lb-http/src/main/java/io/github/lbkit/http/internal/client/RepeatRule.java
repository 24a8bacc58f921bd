package io.github.lbkit.http.internal.client;

import io.github.lbkit.api.Failure;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.Set;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.RequestNotExecutedException;
import org.apache.hc.core5.http.TruncatedChunkException;

/**
 * Whether a request may be sent again: always if nothing of it was sent, else only if its method is idempotent and its
 * body can be had again. Immutable.
 *
 * @param idempotent whether its method is
 * @param repeatable whether it has no body, or one that can be had again
 */
record RepeatRule(boolean idempotent, boolean repeatable) {
    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

    static RepeatRule of(String method, boolean repeatable) {
        return new RepeatRule(IDEMPOTENT.contains(method), repeatable);
    }

    boolean mayRepeat(boolean sent) {
        return !sent || mayRepeatSent();
    }

    /** Whether a request that a server has had may go to another. */
    boolean mayRepeatSent() {
        return idempotent && repeatable;
    }

    /** Whether it was the caller, or something on this side, that ended the attempt. */
    static boolean isOwn(Exception cause, boolean sent) {
        if (cause instanceof InterruptedIOException && !(cause instanceof SocketTimeoutException)) {
            return true;
        }
        return cause instanceof RuntimeException || (cause instanceof HttpException && !sent);
    }

    static Failure failure(Exception cause, boolean sent) {
        if (!sent || cause instanceof RequestNotExecutedException) {
            return Failure.CONNECT;
        }
        if (cause instanceof SocketTimeoutException) {
            return Failure.TIMEOUT;
        }
        boolean malformed =
                cause instanceof MalformedChunkCodingException && !(cause instanceof TruncatedChunkException);
        boolean tooLong = cause instanceof MessageConstraintException;
        return malformed || tooLong || cause instanceof HttpException ? Failure.PROTOCOL : Failure.DISCONNECT;
    }
}
