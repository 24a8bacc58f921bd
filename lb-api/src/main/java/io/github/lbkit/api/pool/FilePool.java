package io.github.lbkit.api.pool;

import io.github.lbkit.api.PoolContext;
import io.github.lbkit.api.pool.spi.ListedServer;
import io.github.lbkit.api.pool.spi.PolledPool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A pool whose servers stand in a file, one a line, {@code id host:port name=value…}: {@code weight=2} is the weight, {@code
 * scheme=https} and {@code sni=name} belong to the address, every other name is a label; {@code #} begins a comment.
 * Thread-safe.
 *
 * <pre>
 * # id  address         options
 * S1    10.0.0.1:8080   weight=2 zone=a
 * S2    [2001:db8::2]:80
 * </pre>
 *
 * <ul>
 *   <li>The file is looked at again and again. It may be replaced (write another beside it, then rename) or rewritten in
 *       place: a change counts once the content has been the same for a moment.
 *   <li>A file that cannot be read, has a bad line, or names no server is refused whole: the log tells line and reason, the
 *       membership stays, and {@link #age} grows. So a pool cannot be emptied by mistake.
 *   <li>A line that goes away drains its server. Another address under the same id is a new instance of it.
 * </ul>
 *
 * <p><b>Good for</b> a list that a deployment tool writes. <b>Bad for</b> changes that must count within milliseconds.
 */
public final class FilePool extends PolledPool {
    /**
     * The settings of a file pool. Immutable.
     *
     * @param every how often the file is looked at; 1 second by default
     * @param drain how long a server that left may go on with what it has in flight; 30 seconds by default
     */
    public record Options(Duration every, Duration drain) {
        /** The defaults. */
        public static final Options DEFAULTS = new Options(Duration.ofSeconds(1), Duration.ofSeconds(30));

        /** Checks. */
        public Options {
            if (every.isNegative() || every.isZero()) {
                throw new IllegalArgumentException("file pool's every " + every + " is not positive");
            }
            if (drain.isNegative()) {
                throw new IllegalArgumentException("file pool's drain " + drain + " is negative");
            }
        }
    }

    private FilePool(PoolContext context, FileSource source, Options options) {
        super(context, source, options.every(), options.drain());
    }

    /**
     * Reads the file and opens the pool; its servers are known when this returns.
     *
     * @throws IllegalArgumentException if the file cannot be read, has a bad line or names no server; the message tells
     *     which line and why
     */
    public static FilePool open(PoolContext context, Path file, Options options) {
        FileSource source = new FileSource(file);
        List<ListedServer> first = source.readNow();
        FilePool pool = new FilePool(context, source, options);
        pool.begin(first);
        return pool;
    }
}
