package io.github.lbkit.examples.analysis;

import io.github.lbkit.examples.load.LoadResult;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * A load in the middle of which one server was killed. Times are in seconds since the first request. Immutable.
 *
 * @param load as the generator saw it
 * @param perSecond the rate at which requests were due
 * @param killed the server
 * @param how it was killed
 * @param killedAt when that was done
 * @param detectedAt when the balancer knew
 * @param launchedAt when a replacement was being launched
 * @param replacedAt when the replacement could be chosen
 * @param servedAt when it had answered its first request
 * @param further requests that were sent after the load, until the replacement had answered
 * @param furtherFailed how many of these failed
 * @param bucket how long one count stands for, in seconds
 * @param answered requests answered by server, in each bucket
 * @param failed requests failed, in each bucket
 */
record Recovery(
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
    Recovery {
        answered = new TreeMap<>(answered);
        failed = List.copyOf(failed);
    }

    /** From the kill, in milliseconds. */
    OptionalDouble millisTo(OptionalDouble moment) {
        return moment.isPresent()
                ? OptionalDouble.of(1000 * (moment.getAsDouble() - killedAt))
                : OptionalDouble.empty();
    }

    long failures() {
        return load.failed() + furtherFailed;
    }
}
