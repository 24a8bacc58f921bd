package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.internal.pool.PoolLog;
import io.github.lbkit.api.internal.pool.PoolLoop;
import io.github.lbkit.api.pool.supervised.PoolState.Specs;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stores the pool's state for its next owner, whenever the state has changed. Confined to the pool's loop. */
final class StateKeeper {
    private static final Duration RETRY_DELAY = Duration.ofSeconds(1);

    private final PoolLoop loop;
    private final PoolLog log;
    private final Launcher launcher;
    private final List<String> configuredServers;
    private final String configuredHash;
    private final Slots slots;
    private final Rollouts rollouts;
    private @Nullable Summary stored;
    private boolean storing;

    /** The state with hashes in place of specs: an equal summary means an equal state, so that none need be made. */
    private record Summary(
            List<String> desired,
            String settled,
            Optional<String> previous,
            Optional<String> target,
            boolean rolledOut) {}

    StateKeeper(
            PoolLoop loop,
            PoolLog log,
            Launcher launcher,
            List<String> configuredServers,
            String configuredHash,
            Slots slots,
            Rollouts rollouts) {
        this.loop = loop;
        this.log = log;
        this.launcher = launcher;
        this.configuredServers = configuredServers;
        this.configuredHash = configuredHash;
        this.slots = slots;
        this.rollouts = rollouts;
    }

    /** Stores the current state, unless it is stored already. */
    void settle() {
        if (storing) {
            return;
        }
        Summary now = new Summary(
                List.copyOf(slots.ids()),
                rollouts.settled().hash(),
                rollouts.previous().map(HashedSpec::hash),
                rollouts.target().map(HashedSpec::hash),
                rollouts.hasRolledOut());
        if (!now.equals(stored)) {
            store(now, state(now.desired()));
        }
    }

    private PoolState state(List<String> desired) {
        return new PoolState(
                configuredServers,
                desired,
                new Specs(
                        configuredHash,
                        describe(Optional.of(rollouts.settled())),
                        describe(rollouts.previous()),
                        describe(rollouts.target()),
                        rollouts.hasRolledOut()));
    }

    private String describe(Optional<HashedSpec> spec) {
        return spec.flatMap(known -> log.calls()
                        .value(launcher, "a description", () -> launcher.describe(known.real()), Optional.empty()))
                .orElse("");
    }

    private void store(Summary now, PoolState state) {
        storing = true;
        loop.ending(
                launcher,
                "a state to keep",
                () -> launcher.remember(Optional.of(state)),
                () -> {
                    storing = false;
                    stored = now;
                },
                reason -> {
                    log.sourceLost("its state cannot be kept: " + reason, "the next owner will not know it");
                    loop.schedule(RETRY_DELAY, () -> storing = false);
                });
    }

    /** Deletes the stored state when the pool has ended: the next owner starts without it. */
    void forget() {
        storing = true;
        loop.ending(launcher, "a state to forget", () -> launcher.remember(Optional.empty()), () -> {}, reason -> {});
    }
}
