package io.github.lbkit.api.pool;

import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.Scheduler;
import io.github.lbkit.api.internal.GuardedCalls;
import io.github.lbkit.api.internal.RateLimitedLog;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.LoggerFactory;

/**
 * The log lines of one pool: what happens to its servers and to its source, at most one line per server, kind and minute
 * beyond the first; and the pool's calls to code of others, which end here if they fail. Thread-safe.
 */
final class PoolLog {
    private static final int MOST_REPLACEMENTS = 1024;

    private final String pool;
    private final RateLimitedLog log;
    private final GuardedCalls calls;

    /** The generation of the replacement under way, by server id; guarded by this object's monitor. */
    private final Map<String, Long> replacements = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST_REPLACEMENTS;
        }
    };

    PoolLog(String pool, Scheduler scheduler) {
        this.pool = pool;
        log = new RateLimitedLog(LoggerFactory.getLogger(PoolLog.class), scheduler::nanoTime);
        calls = new GuardedCalls("pool " + pool, log);
    }

    /** The pool's calls to code of others. */
    GuardedCalls calls() {
        return calls;
    }

    /** Writes the line of an event. */
    void happened(PoolEvent event) {
        if (event instanceof PoolEvent.OfServer ofServer) {
            server(ofServer.id(), ofServer.generation(), ofServer);
        } else if (event instanceof PoolEvent.ReplacingHeld held) {
            log.warn(
                    pool,
                    "replacing held",
                    "pool {}: {} of {} servers fail at once: nothing is replaced for now",
                    pool,
                    held.failing(),
                    held.serving());
        } else if (event instanceof PoolEvent.ReplacingResumed resumed) {
            log.info(
                    pool,
                    "replacing resumed",
                    "pool {}: half or more of its {} serving servers pass again: what is unfit is replaced, one at a time",
                    pool,
                    resumed.serving());
        } else if (event instanceof PoolEvent.StreamReopened reopened) {
            log.info(
                    pool,
                    "stream",
                    "pool {}: the source's stream of events is followed again after {} ms: {}",
                    pool,
                    reopened.silence().toMillis(),
                    reopened.reason());
        }
    }

    private void server(String id, long generation, PoolEvent.OfServer event) {
        if (event instanceof PoolEvent.Launching launching) {
            if (launching.replacement()) {
                replacement(id, generation);
            }
        } else if (event instanceof PoolEvent.Ready ready) {
            String what = endReplacement(id, generation) ? "respawned" : "ready";
            info(
                    id,
                    what,
                    "{} as generation {}, {} ms after its launch began",
                    what,
                    generation,
                    ready.sinceLaunch().toMillis());
        } else if (event instanceof PoolEvent.LaunchFailed failed) {
            endReplacement(id, generation);
            warn(id, "launch failed", "launch of generation {} failed: {}", generation, failed.reason());
        } else if (event instanceof PoolEvent.Lost lost) {
            warn(id, "lost", "lost generation {}: {}", generation, lost.reason());
        } else if (event instanceof PoolEvent.Unfit unfit) {
            warn(id, "unfit", "generation {} is replaced: {}", generation, unfit.reason());
        } else if (event instanceof PoolEvent.BackingOff pause) {
            info(id, "backing off", "launched again in {} ms", pause.delay().toMillis());
        } else if (event instanceof PoolEvent.Drained drained) {
            info(
                    id,
                    "drained",
                    "drained generation {}: {} attempts finished, {} were cut",
                    generation,
                    drained.result().finished(),
                    drained.result().cut());
        } else if (event instanceof PoolEvent.Adopted) {
            info(id, "adopted", "adopted generation {}, which an earlier owner left", generation);
        } else if (event instanceof PoolEvent.Retired retired) {
            info(id, "retired", "stops generation {}, which an earlier owner left: {}", generation, retired.reason());
        } else if (event instanceof PoolEvent.Stopped) {
            info(id, "stopped", "stopped generation {}", generation);
        }
    }

    /** The source of the pool gives no answer, or none that can be used; returns whether a line was written. */
    boolean sourceLost(String reason, String consequence) {
        return log.warn(pool, "source lost", "pool {}: {}; {}", pool, reason, consequence);
    }

    /** The source of the pool answers again. */
    void sourceBack(String source, Duration silence) {
        log.info(pool, "source back", "pool {}: {} answers again, after {} ms", pool, source, silence.toMillis());
    }

    /** Writes a line about one server at WARN. */
    void warn(String id, String kind, String message, Object... args) {
        log.warn(id, kind, "pool {}: server {}: " + message, with(id, args));
    }

    private void info(String id, String kind, String message, Object... args) {
        log.info(id, kind, "pool {}: server {}: " + message, with(id, args));
    }

    private Object[] with(String id, Object[] args) {
        Object[] all = new Object[args.length + 2];
        all[0] = pool;
        all[1] = id;
        System.arraycopy(args, 0, all, 2, args.length);
        return all;
    }

    private synchronized void replacement(String id, long generation) {
        replacements.put(id, generation);
    }

    private synchronized boolean endReplacement(String id, long generation) {
        return replacements.remove(id, generation);
    }
}
