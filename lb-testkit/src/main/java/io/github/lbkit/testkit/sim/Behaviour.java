package io.github.lbkit.testkit.sim;

import io.github.lbkit.api.Failure;
import java.time.Duration;

/**
 * How a simulated server answers, as a function of its age and of chance. It may be shared by servers and runs, so it keeps
 * no state of its own and draws from what it is given alone.
 */
@FunctionalInterface
public interface Behaviour {
    /**
     * What becomes of an attempt, asked when the server begins to work on it.
     *
     * @param age how long the instance has run
     */
    Answer answer(Duration age, Draws draws);

    /** A server that does what it is asked, in this time. */
    static Behaviour serving(ServiceTime time) {
        return (age, draws) -> new Answer.Success(time.draw(draws));
    }

    /** A server that answers that it failed, such as by a status 503, after this time. */
    static Behaviour failing(ServiceTime time) {
        return (age, draws) -> new Answer.Failed(Failure.STATUS, time.draw(draws));
    }

    /** A black hole: takes everything and never answers. */
    static Behaviour silent() {
        return (age, draws) -> new Answer.Silence();
    }

    /** One behaviour for a while, then another for a while, and again from the start. */
    static Behaviour alternating(Behaviour first, Duration firstTime, Behaviour second, Duration secondTime) {
        long whole = firstTime.plus(secondTime).toNanos();
        if (firstTime.isNegative() || secondTime.isNegative() || whole == 0) {
            throw new IllegalArgumentException(firstTime + " and " + secondTime + " are not times to take turns in");
        }
        return (age, draws) -> (age.toNanos() % whole < firstTime.toNanos() ? first : second).answer(age, draws);
    }

    /** The same, with every answer taking so many times as long. */
    default Behaviour slower(double factor) {
        return (age, draws) -> slowed(answer(age, draws), factor);
    }

    /** The same, but slower by this factor when new, and less so until it is as old as this (caches fill, code compiles). */
    default Behaviour coldFor(Duration time, double factor) {
        return (age, draws) -> {
            double warm = Math.min(1, (double) age.toNanos() / time.toNanos());
            return slowed(answer(age, draws), factor + (1 - factor) * warm);
        };
    }

    private static Answer slowed(Answer answer, double factor) {
        if (answer instanceof Answer.Success success) {
            return new Answer.Success(slowed(success.after(), factor));
        }
        if (answer instanceof Answer.Failed failed) {
            return new Answer.Failed(failed.failure(), slowed(failed.after(), factor));
        }
        return answer;
    }

    private static Duration slowed(Duration time, double factor) {
        return Duration.ofNanos(Math.round(time.toNanos() * factor));
    }
}
