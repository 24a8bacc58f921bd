package io.github.lbkit.api.pool;

import io.github.lbkit.api.pool.spi.ListedServer;
import io.github.lbkit.api.pool.spi.PolledPool;
import io.github.lbkit.api.pool.spi.PoolContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A pool whose servers are the lines of a file, each {@code id host:port name=value…}. The name {@code weight} sets
 * the weight, {@code scheme} and {@code sni} belong to the address, and every other name is a label. {@code #} begins
 * a comment. Thread-safe.
 *
 * <pre>
 * # id  address         options
 * S1    10.0.0.1:8080   weight=2 zone=a
 * S2    [2001:db8::2]:80
 * </pre>
 *
 * <pre>{@code
 * PoolContext context = new PoolContext("orders", Runtimes.system(), Path.of("/var/lib/shop"));
 * FilePool pool = FilePool.open(context, Path.of("/etc/shop/servers.txt"), FilePool.Options.DEFAULTS);
 * }</pre>
 *
 * <ul>
 *     <li>The file is polled. It may be replaced (write a new file, then rename it) or rewritten in place. A change
 *       takes effect when two readings, 100 ms apart, find the same content.
 *     <li>A file that cannot be read, has a malformed line, or lists no server is rejected as a whole. The log names
 *       the line and the reason, the membership stays, and {@link #age} grows. So a mistake cannot empty the pool.
 *     <li>A server whose line is removed drains. A new address under the same id is a new instance of the server.
 * </ul>
 *
 * <p><b>Good for</b> a list that a deployment tool writes. <b>Bad for</b> changes that must take effect within
 * milliseconds.
 */
public final class FilePool extends PolledPool {
    /**
     * The settings of a file pool. Immutable.
     *
     * @param pollInterval the time between two readings of the file; 1 second by default
     * @param drain the time that attempts in flight have to finish on a removed server; 30 seconds by default
     */
    public record Options(Duration pollInterval, Duration drain) {
        /** The defaults. */
        public static final Options DEFAULTS = new Options(Duration.ofSeconds(1), Duration.ofSeconds(30));

        /** Checks. */
        public Options {
            if (pollInterval.isNegative() || pollInterval.isZero()) {
                throw new IllegalArgumentException("file pool's pollInterval " + pollInterval + " is not positive");
            }
            if (drain.isNegative()) {
                throw new IllegalArgumentException("file pool's drain " + drain + " is negative");
            }
        }
    }

    private FilePool(PoolContext context, FileSource source, Options options) {
        super(context, source, options.pollInterval(), options.drain());
    }

    /**
     * Reads the file and opens the pool. The membership is known when this method returns.
     *
     * @throws IllegalArgumentException if the file cannot be read, has a malformed line or lists no server; the
     *     message names the line and the reason
     */
    public static FilePool open(PoolContext context, Path file, Options options) {
        FileSource source = new FileSource(file);
        List<ListedServer> first = source.readNow();
        FilePool pool = new FilePool(context, source, options);
        pool.begin(first);
        return pool;
    }
}
