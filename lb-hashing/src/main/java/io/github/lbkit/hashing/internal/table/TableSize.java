package io.github.lbkit.hashing.internal.table;

import io.github.lbkit.hashing.internal.router.Members;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The size of a table, which depends on the configured maximum of servers and never on their current number: a table
 * that grew with its members would move nearly all keys when it grows. More members than the maximum make the balance
 * looser, which is logged once. Thread-safe. Routers that were derived from one another share one instance.
 */
public final class TableSize {
    private static final int DEFAULT_MAX_SERVERS = 128;

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

    /**
     * The base-2 logarithm of the number of slots: 16 for up to 128 servers, otherwise that of the smallest power of
     * two with 1,024 slots for each server, but at most 22.
     */
    int bits() {
        if (maxServers <= DEFAULT_MAX_SERVERS) {
            return 16;
        }
        return Math.min(22, Integer.SIZE - Integer.numberOfLeadingZeros(maxServers * 1024 - 1));
    }

    /** The smallest prime number of at least 65,537 slots and of at least 100 slots for each server. */
    int prime() {
        int prime = Math.max(65_537, maxServers * 100);
        while (!isPrime(prime)) {
            prime++;
        }
        return prime;
    }

    /** Returns whether a number is prime. */
    public static boolean isPrime(int number) {
        for (int i = 2; (long) i * i <= number; i++) {
            if (number % i == 0) {
                return false;
            }
        }
        return number > 1;
    }

    /** Logs a warning the first time that there are more members than the maximum. */
    void check(int members, String router) {
        if (isFirstExcess(members)) {
            LOG.warn(
                    "{} servers are more than the {} for which {} is sized, so load is spread less evenly."
                            + " Raise max-servers at a time when most keys may move.",
                    members,
                    maxServers,
                    router);
        }
    }

    /** Returns whether there are more members than the maximum, for the first time. */
    boolean isFirstExcess(int members) {
        return members > maxServers && !warned.getAndSet(true);
    }
}
