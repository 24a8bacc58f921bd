package io.github.lbkit.docker.internal.follow;

import io.github.lbkit.api.pool.spi.PollLoop;
import java.time.Duration;

/**
 * The pauses between polls of an engine.
 *
 * @param interval the pause after a successful poll
 * @param retryInterval the pause after a failed poll
 */
public record PollPauses(Duration interval, Duration retryInterval) implements PollLoop.Pauses {
    /** The pause after a poll during which a hint arrived; limits the rate of polls while many events arrive. */
    private static final Duration AFTER_HINT = Duration.ofMillis(20);

    @Override
    public Duration after(int failures, boolean hinted) {
        return hinted ? AFTER_HINT : failures == 0 ? interval : retryInterval;
    }
}
