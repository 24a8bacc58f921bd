package io.github.lbkit.hashing.internal.ring;

import io.github.lbkit.api.Member;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many points of a ring stand for a unit of weight: as many as were asked for, halved as often as it takes until all
 * members together have no more than a ring may. Halved, because then only every doubling of the whole weight changes the
 * points of all. That it is halved is logged once. Thread-safe; rings that were made from one another share one.
 */
final class Density {
    static final double MAX_POINTS_PER_WEIGHT = 100_000;

    private static final Logger LOG = LoggerFactory.getLogger(Density.class);

    private final double pointsPerWeight;
    private final int maxPoints;
    private final AtomicBoolean warned = new AtomicBoolean();

    /**
     * So many.
     *
     * @param maxPoints not fewer than there can be members
     */
    Density(double pointsPerWeight, int maxPoints) {
        if (!(pointsPerWeight > 0 && pointsPerWeight <= MAX_POINTS_PER_WEIGHT)) {
            throw new IllegalArgumentException(
                    "points per weight " + pointsPerWeight + " is not above 0 and up to " + MAX_POINTS_PER_WEIGHT);
        }
        this.pointsPerWeight = pointsPerWeight;
        this.maxPoints = maxPoints;
    }

    /** As asked for. */
    double pointsPerWeight() {
        return pointsPerWeight;
    }

    /** As these members have them. */
    double pointsPerWeight(List<Member> members) {
        double halved = pointsPerWeight;
        while (points(members, halved) > maxPoints) {
            halved /= 2;
        }
        if (halved < pointsPerWeight && !warned.getAndSet(true)) {
            LOG.warn(
                    "{} points for each unit of weight are too many for these {} servers: a ring has {} points at most, so they"
                            + " get {}. Its balance is looser than it could be, and whenever the whole weight doubles, keys"
                            + " move between all. Lower points-per-weight, at a time when most keys may move.",
                    pointsPerWeight,
                    members.size(),
                    maxPoints,
                    halved);
        }
        return halved;
    }

    /** The points of all. */
    static long points(List<Member> members, double pointsPerWeight) {
        long points = 0;
        for (Member member : members) {
            points += points(member, pointsPerWeight);
        }
        return points;
    }

    /** The points of one member: a whole number, and not 0 unless its weight is. */
    static long points(Member member, double pointsPerWeight) {
        return member.weight() == 0 ? 0 : (long) Math.max(1, Math.rint(member.weight() * pointsPerWeight));
    }
}
