package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Call;
import io.github.lbkit.api.Failure;
import io.github.lbkit.api.NoServer;
import io.github.lbkit.api.Pick;
import io.github.lbkit.http.LocalResponse;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One request's attempts, one after the other, each of them ended exactly once. */
final class Attempts {
    private final Call call;
    private final Set<Integer> failureStatuses;
    private @Nullable Attempt current;
    private @Nullable String serverId;

    /** What the client is told if no other attempt can be made; null while none has failed. */
    private @Nullable LocalResponse lastFailure;

    private LocalResponse answer = FailureResponses.BAD_GATEWAY;

    Attempts(Call call, Set<Integer> failureStatuses) {
        this.call = call;
        this.failureStatuses = failureStatuses;
    }

    /** Begins the next one; null if there is none: then {@link #answer} is what the client gets. */
    @Nullable
    Attempt next() {
        Pick pick = call.next();
        if (pick instanceof Attempt next) {
            current = next;
            serverId = next.server().id();
            return next;
        }
        if (lastFailure != null) {
            answer = lastFailure;
        } else if (pick instanceof NoServer none) {
            answer = FailureResponses.of(none);
        }
        return null;
    }

    /** The one under way; null between attempts. */
    @Nullable
    Attempt current() {
        return current;
    }

    /** What the client gets when no other attempt is made. */
    LocalResponse answer() {
        return answer;
    }

    /** The id of the server that was tried last; null if none was. */
    @Nullable
    String serverId() {
        return serverId;
    }

    int count() {
        return call.attempts();
    }

    void responded() {
        if (current != null) {
            current.responded();
        }
    }

    /** The response is complete; a status that says so is a failure of the server. */
    void completed(int status) {
        Attempt ending = current;
        current = null;
        if (ending == null) {
            return;
        }
        if (status >= 500 && failureStatuses.contains(status)) {
            ending.failed(Failure.STATUS);
        } else {
            ending.succeeded();
        }
    }

    /** The server failed. */
    void failed(Failure failure) {
        Attempt ending = current;
        current = null;
        if (ending != null) {
            ending.failed(failure);
            failedLike(failure);
        }
    }

    /** The connection had failed before the server could; what the client gets is the same. */
    void lostConnection() {
        abandon();
        failedLike(Failure.DISCONNECT);
    }

    /** The attempt is given up without a word about the server. */
    void abandon() {
        Attempt ending = current;
        current = null;
        if (ending != null) {
            ending.abandoned();
        }
    }

    private void failedLike(Failure failure) {
        lastFailure = FailureResponses.of(failure);
        answer = lastFailure;
    }
}
