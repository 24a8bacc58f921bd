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
 * The rule by which a request may be sent again. A request of which nothing was sent may always be sent again. A sent
 * request may be sent again only if its method is idempotent and its body is repeatable. Immutable.
 *
 * @param idempotent true if the method is idempotent
 * @param repeatable true if the request has no body, or a body that can be read again
 */
public record RetryRule(boolean idempotent, boolean repeatable) {
    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

    /** Returns the rule of a request. */
    public static RetryRule of(String method, boolean repeatable) {
        return new RetryRule(IDEMPOTENT.contains(method), repeatable);
    }

    boolean mayRetry(boolean sent) {
        return !sent || mayRetrySent();
    }

    /** Returns whether a request that a server has received may be sent to another server. */
    public boolean mayRetrySent() {
        return idempotent && repeatable;
    }

    /** Returns whether the caller or this client, not the server, caused the failure. */
    public static boolean isCallersOwn(Exception cause, boolean sent) {
        if (cause instanceof InterruptedIOException && !(cause instanceof SocketTimeoutException)) {
            return true;
        }
        return cause instanceof RuntimeException || (cause instanceof HttpException && !sent);
    }

    /** Returns the kind of failure of a server. */
    public static Failure failure(Exception cause, boolean sent) {
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
