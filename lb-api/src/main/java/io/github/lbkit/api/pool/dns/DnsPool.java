package io.github.lbkit.api.pool.dns;

import io.github.lbkit.api.pool.spi.PolledPool;
import io.github.lbkit.api.pool.spi.PoolContext;

/**
 * A pool whose servers are the DNS records of a name. Thread-safe; the name server is asked on a thread of the pool's
 * own.
 *
 * <pre>{@code
 * DnsPool pool = DnsPool.open(context, DnsOptions.host("orders.example", 8080).build());
 * }</pre>
 *
 * <ul>
 *     <li>A host and a port: one server for each address, with the id {@code address:port}. The name is resolved by
 *       {@link io.github.lbkit.api.runtime.Runtimes#names}, by default the JVM's resolver. The JVM caches answers
 * (security
 *       property {@code networkaddress.cache.ttl}, 30 seconds by default). With {@link DnsOptions.Builder#nameServer},
 *       a name server is asked for A and AAAA records each time.
 *     <li>A service: one server for each SRV record, with the id {@code target:port} and the record's weight. Weight 0
 *       counts as 1, because RFC 2782 leaves such a record a small chance. By default, only the records of the lowest
 *       priority number are servers, see {@link DnsOptions.Builder#allPriorities}. The label {@value #PRIORITY_LABEL}
 *       holds the priority.
 *     <li>The name is polled. When no answer comes, the name is unknown, or the answer is empty, the membership stays
 *       and {@link #age} grows. An address that is no longer listed drains.
 * </ul>
 *
 * <p><b>Good for</b> servers that another system places and names. <b>Bad for</b> quick changes: DNS sends no
 * notification, so that the pool is behind by up to the polling interval plus the time of caches.
 */
public final class DnsPool extends PolledPool {
    /** The label that holds the priority of an SRV record. */
    public static final String PRIORITY_LABEL = "dns.priority";

    private DnsPool(PoolContext context, DnsOptions options) {
        super(context, options.source(context.runtimes().names()), options.pollInterval, options.drain);
    }

    /** Opens the pool. Its servers are known when the first answer has come. */
    public static DnsPool open(PoolContext context, DnsOptions options) {
        DnsPool pool = new DnsPool(context, options);
        pool.begin();
        return pool;
    }
}
