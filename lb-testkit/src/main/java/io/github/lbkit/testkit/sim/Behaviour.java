package io.github.lbkit.testkit.sim;

import io.github.lbkit.api.Failure;
import java.time.Duration;

/**
 * The responses of a simulated server as a function of its age and of chance. Servers and runs may share a behaviour,
 * so an implementation must have no state and must use the given random source alone.
 */
@FunctionalInterface
public interface Behaviour {
    /**
     * Returns the response to an attempt; called when the server starts to work on it.
     *
     * @param age the time since the launch of the instance
     */
    ServerResponse respond(Duration age, RandomSource random);

    /** Returns a behaviour that succeeds after this service time. */
    static Behaviour serving(ServiceTime time) {
        return (age, random) -> new ServerResponse.Success(time.draw(random));
    }

    /** Returns a behaviour that fails with an error status, such as 503, after this service time. */
    static Behaviour failing(ServiceTime time) {
        return (age, random) -> new ServerResponse.Failed(Failure.STATUS, time.draw(random));
    }

    /** Returns a behaviour that accepts every attempt and never responds. */
    static Behaviour unresponsive() {
        return (age, random) -> new ServerResponse.None();
    }

    /** Returns a behaviour that alternates between two others, each for its time, by the age of the instance. */
    static Behaviour alternating(Behaviour first, Duration firstTime, Behaviour second, Duration secondTime) {
        long whole = firstTime.plus(secondTime).toNanos();
        if (firstTime.isNegative() || secondTime.isNegative() || whole == 0) {
            throw new IllegalArgumentException("firstTime " + firstTime + " and secondTime " + secondTime
                    + " must not be negative, and one must be positive");
        }
        return (age, random) -> (age.toNanos() % whole < firstTime.toNanos() ? first : second).respond(age, random);
    }

    /** Returns this behaviour with service times multiplied by the factor. */
    default Behaviour slower(double factor) {
        return (age, random) -> slowed(respond(age, random), factor);
    }

    /** Returns this behaviour with a cold start: slower by the factor at age 0, and linearly less so until this age. */
    default Behaviour coldFor(Duration time, double factor) {
        return (age, random) -> {
            double warm = Math.min(1, (double) age.toNanos() / time.toNanos());
            return slowed(respond(age, random), factor + (1 - factor) * warm);
        };
    }

    private static ServerResponse slowed(ServerResponse response, double factor) {
        if (response instanceof ServerResponse.Success success) {
            return new ServerResponse.Success(slowed(success.after(), factor));
        }
        if (response instanceof ServerResponse.Failed failed) {
            return new ServerResponse.Failed(failed.failure(), slowed(failed.after(), factor));
        }
        return response;
    }

    private static Duration slowed(Duration time, double factor) {
        return Duration.ofNanos(Math.round(time.toNanos() * factor));
    }
}
