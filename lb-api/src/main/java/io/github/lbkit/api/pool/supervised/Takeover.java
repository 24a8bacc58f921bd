package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.Member;
import io.github.lbkit.api.internal.GuardedCalls;
import io.github.lbkit.api.internal.pool.PoolLoop;
import io.github.lbkit.api.pool.supervised.PoolState.Specs;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over what an earlier owner of the pool left: the desired servers, their numbers and specs, and an unfinished
 * rollout. Runs before anything is adopted or launched. Confined to the pool's loop.
 */
final class Takeover {
    private static final Logger LOG = LoggerFactory.getLogger(Takeover.class);

    private final String pool;
    private final PoolLoop loop;
    private final GuardedCalls calls;
    private final Launcher launcher;
    private final SupervisedOptions options;
    private final Slots slots;
    private final Rollouts rollouts;
    private final InstanceLifecycle lifecycle;
    private final Configured configured;
    private Optional<HashedSpec> target = Optional.empty();

    /**
     * The spec that this owner of the pool is configured with.
     *
     * @param hash the hash of the configuration that the spec comes from
     */
    record Configured(HashedSpec spec, String hash) {}

    Takeover(PoolCore core, Rollouts rollouts, InstanceLifecycle lifecycle, Configured configured) {
        this.pool = core.pool();
        this.loop = core.loop();
        this.calls = core.log().calls();
        this.launcher = core.launcher();
        this.options = core.options();
        this.slots = core.slots();
        this.rollouts = rollouts;
        this.lifecycle = lifecycle;
        this.configured = configured;
    }

    /** Returns whether the earlier owner was configured with another spec than this one. */
    boolean isOtherSpec(Optional<PoolState> remembered, List<LaunchedInstance> found) {
        return remembered
                .map(state -> !state.specs().configured().equals(configured.hash()))
                .orElseGet(() -> found.stream()
                        .anyMatch(
                                one -> !one.specHash().equals(configured.spec().hash())));
    }

    /**
     * Takes over the desired servers and the specs of this state.
     *
     * @param anew whether the servers are to run this owner's spec, whatever was rolled out before
     * @param otherSpec whether this owner is configured with another spec
     */
    void take(Optional<PoolState> remembered, boolean anew, boolean otherSpec) {
        remembered.ifPresent(state -> {
            if (state.configured().equals(options.servers)) {
                desire(state.desired());
            }
            Specs specs = state.specs();
            Optional<HashedSpec> current = recall(specs.current());
            if (anew) {
                rollouts.restore(configured.spec(), current, false);
            } else if (!specs.rolledOut() && !otherSpec) { // a name in the spec may mean something else by now
                rollouts.restore(configured.spec(), Optional.empty(), false);
                target = recall(specs.target());
            } else {
                rollouts.restore(current.orElse(configured.spec()), recall(specs.previous()), true);
                target = recall(specs.target());
            }
        });
    }

    /** Returns the spec whose unfinished rollout is to go on. */
    Optional<HashedSpec> target() {
        return target;
    }

    /**
     * Gives servers the numbers that they had under an earlier owner, and the others the lowest free ones. All numbers
     * stay as they are if the admission refuses the change.
     */
    void renumber(Map<String, Integer> wanted) {
        Map<String, Integer> numbers = slots.numbered(wanted);
        List<Member> members = new ArrayList<>();
        numbers.forEach((id, number) -> members.add(new Member(id, 1, Slot.labels(number))));
        if (admits(members, "its servers cannot keep the numbers " + numbers)) {
            slots.all().forEach(slot -> slot.number = numbers.getOrDefault(slot.id, slot.number));
        }
    }

    /** Makes the desired servers those of an earlier owner, except for what was added or removed since. */
    private void desire(List<String> before) {
        Set<String> ids = new LinkedHashSet<>(before);
        options.servers.stream().filter(id -> !slots.ids().contains(id)).forEach(ids::remove);
        slots.all().stream().filter(slot -> slot.onTrial).forEach(slot -> ids.add(slot.id));
        if (ids.equals(slots.ids())) {
            return;
        }
        List<Member> members = new ArrayList<>();
        ids.forEach(id -> members.add(new Member(id, 1, Slot.labels(members.size() + 1))));
        String consequence = "the servers of the earlier owner, " + before + ", are not taken over";
        if (ids.size() > options.maxServers) {
            LOG.warn("pool {}: {}: they are more than {}", pool, consequence, options.maxServers);
            return;
        }
        if (!admits(members, consequence)) {
            return;
        }
        LOG.info("pool {}: the desired servers are those of the earlier owner, {}", pool, ids);
        slots.all().stream()
                .filter(slot -> !ids.contains(slot.id))
                .forEach(slot -> lifecycle.remove(slot, "an earlier owner had removed it"));
        ids.forEach(id -> slots.add(id, rollouts.settled(), false, loop.nanoTime()));
    }

    /** Asks the admission, which may throw anything, whether the policy has room for these members. */
    private boolean admits(List<Member> members, String consequence) {
        List<Member> byId = members.stream().sorted(Member.BY_ID).toList();
        try {
            options.admission.accept(byId);
            return true;
        } catch (IllegalArgumentException e) {
            LOG.warn("pool {}: {}", pool, consequence, e);
        } catch (Throwable e) {
            calls.threw(options.admission, "an admission", e);
        }
        return false;
    }

    private Optional<HashedSpec> recall(String description) {
        if (description.isEmpty()) {
            return Optional.empty();
        }
        Optional<LaunchSpec> spec = calls.value(
                launcher, "the spec of an earlier owner", () -> launcher.recall(description), Optional.empty());
        if (spec.isEmpty()) {
            LOG.warn("pool {}: the launcher does not know the spec of the earlier owner: {}", pool, description);
        }
        return spec.map(HashedSpec::of);
    }
}
