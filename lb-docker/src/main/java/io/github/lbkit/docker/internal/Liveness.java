package io.github.lbkit.docker.internal;

import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.Scheduler;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.health.Probe;
import io.github.lbkit.api.health.ProbeResult;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Finds containers that run and do not answer any more, and has them replaced, one at a time: when many fall silent
 * together, it is rarely their fault. Confined to its scheduler.
 */
final class Liveness {
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final int FALL = 3;

    private final Probe probe;
    private final Scheduler scheduler;
    private final ContainerLauncher launcher;
    private final Supplier<Membership> membership;

    /** Failures in a row by generation. */
    private final Map<Long, Integer> failures = new HashMap<>();

    private boolean over;

    Liveness(Probe probe, Scheduler scheduler, ContainerLauncher launcher, Supplier<Membership> membership) {
        this.probe = probe;
        this.scheduler = scheduler;
        this.launcher = launcher;
        this.membership = membership;
    }

    void begin() {
        scheduler.schedule(EVERY, () -> {
            if (!over) {
                ask();
                begin();
            }
        });
    }

    private void ask() {
        Map<Long, Integer> present = new HashMap<>();
        for (Server server : membership.get().servers()) {
            Instance instance = server.instance().orElse(null);
            if (server.state() == Server.State.READY && instance != null) {
                present.put(instance.generation(), failures.getOrDefault(instance.generation(), 0));
                var unused = probe.probe(instance, TIMEOUT)
                        .whenComplete((result, e) -> scheduler.execute(() -> answered(
                                server.id(),
                                instance.generation(),
                                e == null ? result : ProbeResult.failed(String.valueOf(e.getMessage())))));
            }
        }
        failures.clear();
        failures.putAll(present);
    }

    private void answered(String id, long generation, ProbeResult result) {
        if (over || !failures.containsKey(generation)) {
            return;
        }
        int failed = result.passed() ? 0 : failures.getOrDefault(generation, 0) + 1;
        failures.put(generation, failed);
        if (failed >= FALL && nobodyIsDown()) {
            failures.remove(generation);
            launcher.unfit(id, generation, "it hangs: " + result.detail());
        }
    }

    private boolean nobodyIsDown() {
        return membership.get().servers().stream()
                .noneMatch(s -> s.state() == Server.State.DOWN || s.state() == Server.State.STARTING);
    }

    void close() {
        over = true;
    }
}
