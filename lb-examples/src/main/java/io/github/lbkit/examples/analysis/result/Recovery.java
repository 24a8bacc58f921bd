package io.github.lbkit.examples.analysis.result;

import io.github.lbkit.examples.load.LoadResult;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * The result of a load during which one server was killed. Times are in seconds since the first request. Immutable.
 *
 * @param load the result of the load
 * @param perSecond the rate in requests per second
 * @param killed the id of the killed server
 * @param how the method of the kill, for people
 * @param killedAt the time of the kill
 * @param detectedAt the time at which the balancer detected the loss
 * @param launchedAt the time at which the launch of the replacement began
 * @param replacedAt the time at which the replacement could be picked
 * @param servedAt the time at which the replacement had answered its first request
 * @param further the number of requests after the load, until the replacement had answered
 * @param furtherFailed the number of these requests that failed
 * @param bucket the length of one bucket, in seconds
 * @param answered the number of answered requests by server, in each bucket
 * @param failed the number of failed requests in each bucket
 */
public record Recovery(
        LoadResult load,
        double perSecond,
        String killed,
        String how,
        double killedAt,
        OptionalDouble detectedAt,
        OptionalDouble launchedAt,
        OptionalDouble replacedAt,
        OptionalDouble servedAt,
        long further,
        long furtherFailed,
        double bucket,
        Map<String, List<Long>> answered,
        List<Long> failed) {
    /** Copies the counts. */
    public Recovery {
        answered = new TreeMap<>(answered);
        failed = List.copyOf(failed);
    }

    /** Returns the time from the kill to a moment, in milliseconds; empty if the moment did not come. */
    public OptionalDouble millisTo(OptionalDouble moment) {
        return moment.isPresent()
                ? OptionalDouble.of(1000 * (moment.getAsDouble() - killedAt))
                : OptionalDouble.empty();
    }

    /** Returns the number of all failed requests. */
    public long failures() {
        return load.failed() + furtherFailed;
    }
}
