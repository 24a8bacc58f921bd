package io.github.lbkit.api.runtime;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.internal.names.CachingResolver;
import io.github.lbkit.api.internal.names.Literals;
import io.github.lbkit.api.internal.names.SystemNames;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A source of IP addresses for the hosts of servers. Pools, probes and proxies resolve names through this interface
 * only. Implementations are thread-safe.
 *
 * <p>An implementation never blocks the caller. An IP address in text form (IPv4, or IPv6 with or without a zone,
 * without brackets) is its own answer and is never looked up. An answer is an immutable list of at least one address,
 * in the order in which a client should try the addresses. A client tries all of them before it gives up.
 *
 * <p>A stage fails with an {@link java.net.UnknownHostException} whose message names the host and the reason. A stage
 * may complete on the caller's thread or on a thread of the resolver, so dependent actions must not block. A look-up
 * can take longer than the caller wants to wait: the caller must keep a deadline of its own.
 *
 * @see Runtimes#names()
 */
@FunctionalInterface
public interface NameResolver extends AutoCloseable {
    /**
     * Returns the addresses of a host. Where a look-up fails or takes too long, an implementation that knows an earlier
     * answer returns that answer.
     *
     * @param host a host name or an IP address, as in {@link Address#host}
     */
    CompletionStage<List<InetAddress>> resolve(String host);

    /**
     * Looks a host up now and returns the addresses that this look-up has found. Fails when the look-up fails, even
     * where an earlier answer is known. Pools use this method, because a pool keeps its last membership by itself and
     * reports its age.
     *
     * @param host as for {@link #resolve}
     */
    default CompletionStage<List<InetAddress>> refresh(String host) {
        return resolve(host);
    }

    /** Ends the threads of this resolver; stages that are not complete fail. A second call does nothing. */
    @Override
    default void close() {}

    /**
     * Returns the IP address that a host is in text form; empty if the host is a name or not well formed. Looks nothing
     * up. Each implementation answers such a host by this address.
     */
    static Optional<InetAddress> literal(String host) {
        return Literals.find(host);
    }

    /**
     * Returns the resolver of this process: {@link #caching} with the defaults, over the JDK's look-ups. All parts of
     * an application share its threads and answers. Closing the returned resolver does nothing.
     */
    static NameResolver system() {
        return SystemNames.shared();
    }

    /**
     * Returns a resolver that remembers answers and runs a blocking look-up on threads of its own. The caller closes
     * the resolver.
     *
     * <ul>
     *   <li>An answer is used for {@link Caching#fresh}. After that time the next call starts a look-up, and calls get
     *       the previous answer until the look-up has ended. After a minute without a look-up, a call waits up to 250
     *       ms for the new answer first.
     *   <li>While look-ups of a name fail or do not return, calls get the last good answer, however old that answer is.
     *       A name without any answer fails. A failed look-up is repeated by the first call after a second.
     *   <li>There is at most one look-up of a name at a time; all calls share its answer. A name that is looked up for
     *       longer than {@link Caching#timeout} counts as failed until the look-up returns.
     *   <li>Look-ups that do not return occupy one thread each, up to {@link Caching#threads}. When all threads are
     *       occupied, other names wait. Names with a last good answer are not affected; a name without an answer fails
     *       after {@link Caching#timeout}. Each name is reported as described next.
     *   <li>The first failure of a name is logged at WARN with the reason, and the return of its look-ups at INFO; at
     *       most one WARN a minute for each name.
     *   <li>IPv6 and IPv4 addresses alternate, beginning with the first address of the look-up (RFC 8305, section 4).
     *   <li>At most 4,096 names are remembered. Beyond, the name that was not asked for longest is forgotten.
     * </ul>
     *
     * @param runtimes source of time and threads; each thread of a look-up ends after ten idle seconds
     * @param lookup called on those threads, for one name at a time each
     */
    static NameResolver caching(Runtimes runtimes, Caching settings, Lookup lookup) {
        return new CachingResolver(runtimes, settings, lookup);
    }

    /** A blocking look-up of a name, such as one by another DNS library. Thread-safe. */
    @FunctionalInterface
    interface Lookup {
        /**
         * Returns the addresses of a name. An empty list means that the name has none.
         *
         * @param name in lower case, never an IP address
         * @throws IOException if there is no answer; the message says why
         */
        List<InetAddress> addresses(String name) throws IOException;

        /** Returns the look-up of the JDK: the hosts file, search domains and name servers of this machine. */
        static Lookup system() {
            return SystemNames::lookUp;
        }
    }

    /**
     * The settings of {@link NameResolver#caching}. Immutable.
     *
     * @param fresh how long an answer is used before the name is looked up again; 5 seconds by default. The JDK's
     *     look-up remembers answers too, for 30 seconds unless the security property {@code networkaddress.cache.ttl}
     *     says otherwise
     * @param timeout how long a call waits for the first answer of a name; 5 seconds by default
     * @param threads the maximum number of look-ups at a time, 1 to 1024; 64 by default
     */
    record Caching(Duration fresh, Duration timeout, int threads) {
        /** The defaults. */
        public static final Caching DEFAULTS = new Caching(Duration.ofSeconds(5), Duration.ofSeconds(5), 64);

        private static final int MOST_THREADS = 1024;

        /** Checks the settings. */
        public Caching {
            positive("fresh", fresh);
            positive("timeout", timeout);
            if (threads < 1 || threads > MOST_THREADS) {
                throw new IllegalArgumentException("threads " + threads + " is not within 1 to " + MOST_THREADS);
            }
        }

        /** Returns these settings with another {@link #fresh}. */
        public Caching withFresh(Duration value) {
            return new Caching(value, timeout, threads);
        }

        /** Returns these settings with another {@link #timeout}. */
        public Caching withTimeout(Duration value) {
            return new Caching(fresh, value, threads);
        }

        /** Returns these settings with another number of {@link #threads}. */
        public Caching withThreads(int value) {
            return new Caching(fresh, timeout, value);
        }

        private static void positive(String setting, Duration value) {
            if (value.isNegative() || value.isZero() || value.compareTo(Duration.ofDays(365)) > 0) {
                throw new IllegalArgumentException(
                        setting + " " + value + " of a name resolver is not positive and at most 365 days");
            }
        }
    }
}
