package io.github.lbkit.api.pool.dns;

import io.github.lbkit.api.PoolContext;
import io.github.lbkit.api.pool.spi.PolledPool;

/**
 * A pool whose servers are what a name stands for in DNS. Thread-safe; asks on a thread of its own.
 *
 * <ul>
 *   <li>A host and a port: one server for each address, its id is {@code address:port}. The name is looked up by
 *       {@link io.github.lbkit.api.Runtimes#names}, whose default is the JVM with all that the machine knows, and the JVM
 *       remembers answers (security property {@code networkaddress.cache.ttl}, 30 seconds by default); or a name server is
 *       asked for A and AAAA records each time, see {@link DnsOptions.Builder#nameServer}.
 *   <li>A service: one server for each SRV record, its id is {@code target:port} and its weight the record's, where 0 counts
 *       as 1 since RFC 2782 leaves such a record a small chance. Only the records of the lowest priority number are
 *       servers, unless {@link DnsOptions.Builder#allPriorities} says otherwise. The label {@value #PRIORITY_LABEL} tells
 *       the priority.
 *   <li>The name is asked for again and again. When nothing answers, the name is unknown, or the answer names nobody, the
 *       membership stays and {@link #age} grows. An address that is not named any more drains.
 * </ul>
 *
 * <p><b>Good for</b> servers that something else places and names. <b>Bad for</b> quick changes: there is no way to be told
 * of one, so that a pool is behind by up to the polling interval and what caches add.
 */
public final class DnsPool extends PolledPool {
    /** The label that carries an SRV record's priority. */
    public static final String PRIORITY_LABEL = "dns.priority";

    private DnsPool(PoolContext context, DnsOptions options) {
        super(context, options.source(context.runtimes().names()), options.every, options.drain);
    }

    /** Opens the pool; its servers are known when the first answer has come. */
    public static DnsPool open(PoolContext context, DnsOptions options) {
        DnsPool pool = new DnsPool(context, options);
        pool.begin();
        return pool;
    }
}
