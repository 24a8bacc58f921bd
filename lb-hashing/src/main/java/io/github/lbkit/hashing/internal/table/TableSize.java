package io.github.lbkit.hashing.internal.table;

import io.github.lbkit.hashing.internal.router.Members;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * For how many members a table is sized. The size comes from this number and never from how many there are now: a table
 * that grew with its members would move nearly all keys when it does. More members than this make the balance looser,
 * which is logged once; from {@value TableRouter#Members.MAX_INDEXED} on there are no numbers left. Thread-safe; routers that were made from one another
 * share one.
 */
public final class TableSize {
    static final int DEFAULT_MAX_SERVERS = 128;

    private static final Logger LOG = LoggerFactory.getLogger(TableSize.class);

    private final int maxServers;
    private final AtomicBoolean warned = new AtomicBoolean();

    TableSize(int maxServers) {
        if (maxServers < 1 || maxServers > Members.MAX_INDEXED) {
            throw new IllegalArgumentException(
                    "max servers " + maxServers + " is not within 1 to " + Members.MAX_INDEXED);
        }
        this.maxServers = maxServers;
    }

    int maxServers() {
        return maxServers;
    }

    /** 2^16 slots up to 128 servers; above, the smallest power of two with 1,024 slots for each, but 2^22 at most. */
    int bits() {
        if (maxServers <= DEFAULT_MAX_SERVERS) {
            return 16;
        }
        return Math.min(22, Integer.SIZE - Integer.numberOfLeadingZeros(maxServers * 1024 - 1));
    }

    /** The smallest prime with 100 slots for each server, but 65,537 at least. */
    int prime() {
        int prime = Math.max(65_537, maxServers * 100);
        while (!isPrime(prime)) {
            prime++;
        }
        return prime;
    }

    public static boolean isPrime(int number) {
        for (int i = 2; (long) i * i <= number; i++) {
            if (number % i == 0) {
                return false;
            }
        }
        return number > 1;
    }

    /** Warns, the first time that there are more. */
    void check(int members, String router) {
        if (isFirstExcess(members)) {
            LOG.warn(
                    "{} servers are more than the {} that {} is sized for; its balance is looser than it could be."
                            + " Raise max-servers, at a time when most keys may move.",
                    members,
                    maxServers,
                    router);
        }
    }

    /** Whether so many are more than it is sized for, and never were before. */
    boolean isFirstExcess(int members) {
        return members > maxServers && !warned.getAndSet(true);
    }
}
