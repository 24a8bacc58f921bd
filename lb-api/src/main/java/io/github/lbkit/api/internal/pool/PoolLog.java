package io.github.lbkit.api.internal.pool;

import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.internal.GuardedCalls;
import io.github.lbkit.api.internal.RateLimitedLog;
import io.github.lbkit.api.runtime.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The log lines of one pool, about its servers and its source: at most one line per server, kind and minute after the
 * first. Also guards the pool's calls to code of others, and logs their failures. Thread-safe.
 */
public final class PoolLog {
    /** The name of the logger is documented, and does not follow the package of this class. */
    private static final Logger LOG = LoggerFactory.getLogger("io.github.lbkit.api.pool.PoolLog");

    private static final String SERVER = "pool {}: server {}: ";
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

    /** Creates the log of the pool of this name, on the scheduler's clock. */
    public PoolLog(String pool, Scheduler scheduler) {
        this.pool = pool;
        log = new RateLimitedLog(LOG, scheduler::nanoTime);
        calls = new GuardedCalls("pool " + pool, log);
    }

    /** Returns the guard of the pool's calls to code of others. */
    public GuardedCalls calls() {
        return calls;
    }

    /** Logs an event. */
    public void happened(PoolEvent event) {
        if (event instanceof PoolEvent.OfServer ofServer) {
            server(ofServer.id(), ofServer.generation(), ofServer);
        } else if (event instanceof PoolEvent.ReplacingHeld held) {
            line(Level.WARN, "replacing-held")
                    .with("failing", held.failing())
                    .with("serving", held.serving())
                    .log(
                            "pool {}: {} of {} servers fail at once: nothing is replaced for now",
                            pool,
                            held.failing(),
                            held.serving());
        } else if (event instanceof PoolEvent.ReplacingResumed resumed) {
            line(Level.INFO, "replacing-resumed")
                    .with("serving", resumed.serving())
                    .log(
                            "pool {}: at least half of its {} servers pass again:"
                                    + " what is unfit is replaced, one at a time",
                            pool,
                            resumed.serving());
        } else if (event instanceof PoolEvent.StreamReopened reopened) {
            line(Level.INFO, "stream-reopened")
                    .with("reason", reopened.reason())
                    .log(
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
            line(Level.INFO, id, "launching")
                    .with("generation", generation)
                    .log(
                            SERVER + "launch of generation {} begins{}",
                            pool,
                            id,
                            generation,
                            launching.replacement() ? ", in place of one that served" : "");
        } else if (event instanceof PoolEvent.Ready ready) {
            String what = endReplacement(id, generation) ? "respawned" : "ready";
            line(Level.INFO, id, what)
                    .with("generation", generation)
                    .with("millis", ready.sinceLaunch().toMillis())
                    .log(
                            SERVER + "{} as generation {}, {} ms after its launch began",
                            pool,
                            id,
                            what,
                            generation,
                            ready.sinceLaunch().toMillis());
        } else if (event instanceof PoolEvent.LaunchFailed failed) {
            endReplacement(id, generation);
            reasoned(
                    Level.WARN, id, "launch-failed", generation, "launch of generation {} failed: {}", failed.reason());
        } else if (event instanceof PoolEvent.Lost lost) {
            reasoned(Level.WARN, id, "lost", generation, "lost generation {}: {}", lost.reason());
        } else if (event instanceof PoolEvent.Unfit unfit) {
            reasoned(Level.WARN, id, "unfit", generation, "generation {} is replaced: {}", unfit.reason());
        } else if (event instanceof PoolEvent.Retired retired) {
            reasoned(
                    Level.INFO,
                    id,
                    "retired",
                    generation,
                    "stops generation {}, which an earlier owner left: {}",
                    retired.reason());
        } else if (event instanceof PoolEvent.BackingOff pause) {
            line(Level.INFO, id, "backing-off")
                    .with("millis", pause.delay().toMillis())
                    .log(
                            SERVER + "launched again in {} ms",
                            pool,
                            id,
                            pause.delay().toMillis());
        } else if (event instanceof PoolEvent.Drained drained) {
            line(Level.INFO, id, "drained")
                    .with("generation", generation)
                    .with("finished", drained.result().finished())
                    .with("cut", drained.result().cut())
                    .log(
                            SERVER + "drained generation {}: {} attempts finished, {} were cut",
                            pool,
                            id,
                            generation,
                            drained.result().finished(),
                            drained.result().cut());
        } else if (event instanceof PoolEvent.Adopted) {
            line(Level.INFO, id, "adopted")
                    .with("generation", generation)
                    .log(SERVER + "adopted generation {}, which an earlier owner left", pool, id, generation);
        } else if (event instanceof PoolEvent.Stopped) {
            line(Level.INFO, id, "stopped")
                    .with("generation", generation)
                    .log(SERVER + "stopped generation {}", pool, id, generation);
        }
    }

    /** Logs a change of the desired servers. */
    public void desired(List<String> before, List<String> now) {
        List<String> joined = new ArrayList<>(now);
        joined.removeAll(before);
        List<String> left = new ArrayList<>(before);
        left.removeAll(now);
        LOG.atInfo()
                .addKeyValue("event", "desired")
                .addKeyValue("pool", pool)
                .addKeyValue("servers", now.size())
                .log(
                        "pool {}: {} servers are desired, after {}; new: {}, gone: {}",
                        pool,
                        now.size(),
                        before.size(),
                        joined,
                        left);
    }

    /** Logs that the source of the pool gives no usable answer; returns whether a line was written. */
    public boolean sourceLost(String reason, String consequence) {
        return line(Level.WARN, "source-lost").with("reason", reason).log("pool {}: {}; {}", pool, reason, consequence);
    }

    /** Logs that the source of the pool answers again. */
    public void sourceBack(String source, Duration silence) {
        line(Level.INFO, "source-back")
                .with("millis", silence.toMillis())
                .log("pool {}: {} answers again, after {} ms", pool, source, silence.toMillis());
    }

    /** Logs a line about one server at WARN. */
    public void warn(String id, String kind, String message, Object... args) {
        line(Level.WARN, id, kind).log(SERVER + message, with(id, args));
    }

    private void reasoned(Level level, String id, String kind, long generation, String message, String reason) {
        line(level, id, kind)
                .with("generation", generation)
                .with("reason", reason)
                .log(SERVER + message, pool, id, generation, reason);
    }

    private RateLimitedLog.Line line(Level level, String id, String kind) {
        return log.at(level, id, kind).with("pool", pool).with("server", id);
    }

    private RateLimitedLog.Line line(Level level, String kind) {
        return log.at(level, pool, kind).with("pool", pool);
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
