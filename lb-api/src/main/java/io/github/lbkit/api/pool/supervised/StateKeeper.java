package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.pool.supervised.PoolState.Specs;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over the state that an earlier owner of the pool left, and keeps the pool's own for the next. Confined to the pool's
 * loop.
 */
final class StateKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(StateKeeper.class);
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Supervisor supervisor;
    private final Launcher launcher;

    /** The spec that this owner was configured with. */
    private final HashedSpec configured;

    /** Names the configuration that the spec comes from. */
    private final String configuredHash;

    private @Nullable Decided kept;
    private boolean keeping;
    private Optional<HashedSpec> target = Optional.empty();

    /** What the state says, with hashes in place of the specs: if it is the same, the state need not be made. */
    private record Decided(
            List<String> desired,
            String settled,
            Optional<String> previous,
            Optional<String> target,
            boolean rolledOut) {}

    StateKeeper(Supervisor supervisor, Launcher launcher, HashedSpec configured) {
        this.supervisor = supervisor;
        this.launcher = launcher;
        this.configured = configured;
        configuredHash = supervisor
                .calls()
                .value(launcher, "the hash of its configuration", launcher::configuredHash, configured.hash());
    }

    /** Whether what exists was made of another spec than this owner was configured with. */
    boolean isOtherSpec(Optional<PoolState> remembered, List<Launched> found) {
        return remembered
                .map(state -> !state.specs().configured().equals(configuredHash))
                .orElseGet(() -> found.stream().anyMatch(one -> !one.specHash().equals(configured.hash())));
    }

    /**
     * Takes over what the state says of servers and specs; before anything is adopted or launched.
     *
     * @param anew whether the servers are to be made of this owner's spec, whatever was rolled out before
     * @param otherSpec whether this owner is configured with another spec
     */
    void take(Optional<PoolState> remembered, boolean anew, boolean otherSpec) {
        remembered.ifPresent(state -> {
            if (state.configured().equals(supervisor.options.servers)) {
                supervisor.desire(state.desired());
            }
            Specs specs = state.specs();
            Optional<HashedSpec> current = recall(specs.current());
            if (anew) {
                supervisor.restore(configured, current, false);
            } else if (!specs.rolledOut() && !otherSpec) { // a name in it may stand for something else by now
                supervisor.restore(configured, Optional.empty(), false);
                target = recall(specs.target());
            } else {
                supervisor.restore(current.orElse(configured), recall(specs.previous()), true);
                target = recall(specs.target());
            }
        });
    }

    /** The spec whose rollout an earlier owner had begun, and which is to go on. */
    Optional<HashedSpec> target() {
        return target;
    }

    private Optional<HashedSpec> recall(String description) {
        if (description.isEmpty()) {
            return Optional.empty();
        }
        Optional<LaunchSpec> spec = supervisor
                .calls()
                .value(launcher, "a spec of before", () -> launcher.recall(description), Optional.empty());
        if (spec.isEmpty()) {
            LOG.warn("pool {}: the launcher does not know the spec of before: {}", supervisor.pool, description);
        }
        return spec.map(HashedSpec::of);
    }

    /** Keeps the state of now, if it has changed since it was kept. */
    void settle() {
        if (keeping) {
            return;
        }
        Rollouts rollouts = supervisor.rollouts;
        Decided now = new Decided(
                List.copyOf(supervisor.slots().keySet()),
                rollouts.settled().hash(),
                rollouts.previous().map(HashedSpec::hash),
                rollouts.target().map(HashedSpec::hash),
                rollouts.hasRolledOut());
        if (!now.equals(kept)) {
            keep(now, state(now.desired()));
        }
    }

    private PoolState state(List<String> desired) {
        Rollouts rollouts = supervisor.rollouts;
        return new PoolState(
                supervisor.options.servers,
                desired,
                new Specs(
                        configuredHash,
                        describe(Optional.of(rollouts.settled())),
                        describe(rollouts.previous()),
                        describe(rollouts.target()),
                        rollouts.hasRolledOut()));
    }

    private String describe(Optional<HashedSpec> spec) {
        return spec.flatMap(known -> supervisor
                        .calls()
                        .value(launcher, "a description", () -> launcher.describe(known.real()), Optional.empty()))
                .orElse("");
    }

    private void keep(Decided now, PoolState state) {
        keeping = true;
        supervisor.loop.ending(
                launcher,
                "a state to keep",
                () -> launcher.remember(Optional.of(state)),
                () -> {
                    keeping = false;
                    kept = now;
                },
                reason -> {
                    supervisor.log.sourceLost("its state cannot be kept: " + reason, "the next owner will not know it");
                    supervisor.loop.later(AGAIN, () -> keeping = false);
                });
    }

    /** The pool has ended: the next owner begins anew. */
    void forget() {
        keeping = true;
        supervisor.loop.ending(
                launcher, "a state to forget", () -> launcher.remember(Optional.empty()), () -> {}, reason -> {});
    }
}
