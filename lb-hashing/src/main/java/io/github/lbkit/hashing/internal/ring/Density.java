package io.github.lbkit.hashing.internal.ring;

import io.github.lbkit.api.Member;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The number of points of a ring for each unit of weight. It is the configured number, halved until all members
 * together have at most the maximum number of points. With halving, the points of all members change only when the
 * total weight doubles. The first halving is logged. Thread-safe. Rings that were derived from one another share one
 * instance.
 */
final class Density {
    static final double MAX_POINTS_PER_WEIGHT = 100_000;

    private static final Logger LOG = LoggerFactory.getLogger(Density.class);

    private final double pointsPerWeight;
    private final int maxPoints;
    private final AtomicBoolean warned = new AtomicBoolean();

    /**
     * Creates a density.
     *
     * @param pointsPerWeight the configured number of points for each unit of weight, above 0 up to 100,000
     * @param maxPoints the maximum number of points of a ring, at least the maximum number of members
     */
    Density(double pointsPerWeight, int maxPoints) {
        if (!(pointsPerWeight > 0 && pointsPerWeight <= MAX_POINTS_PER_WEIGHT)) {
            throw new IllegalArgumentException(
                    "points per weight " + pointsPerWeight + " is not above 0 and up to " + MAX_POINTS_PER_WEIGHT);
        }
        this.pointsPerWeight = pointsPerWeight;
        this.maxPoints = maxPoints;
    }

    /** The configured number of points for each unit of weight. */
    double pointsPerWeight() {
        return pointsPerWeight;
    }

    /** Returns the number of points for each unit of weight that these members have. */
    double pointsPerWeight(List<Member> members) {
        double halved = pointsPerWeight;
        while (points(members, halved) > maxPoints) {
            halved /= 2;
        }
        if (halved < pointsPerWeight && !warned.getAndSet(true)) {
            LOG.warn(
                    "{} points for each unit of weight are too many for {} servers: a ring has {} points at most,"
                            + " so each unit gets {}. Load is spread less evenly, and keys move between all servers"
                            + " whenever the total weight doubles. Lower points-per-weight at a time when most keys may"
                            + " move.",
                    pointsPerWeight,
                    members.size(),
                    maxPoints,
                    halved);
        }
        return halved;
    }

    /** Returns the number of points of all members. */
    static long points(List<Member> members, double pointsPerWeight) {
        long points = 0;
        for (Member member : members) {
            points += points(member, pointsPerWeight);
        }
        return points;
    }

    /** Returns the number of points of a member: at least 1 unless its weight is 0. */
    static long points(Member member, double pointsPerWeight) {
        return member.weight() == 0 ? 0 : (long) Math.max(1, Math.rint(member.weight() * pointsPerWeight));
    }
}
