package io.github.lbkit.api.internal.search;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Picker;
import io.github.lbkit.api.Policy;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.explain.Explanation;
import io.github.lbkit.api.explain.MembershipChange;
import io.github.lbkit.api.explain.OperatorOverride;
import io.github.lbkit.api.explain.Plan;
import io.github.lbkit.api.explain.ServerHealth;
import io.github.lbkit.api.explain.ServerStatus;
import io.github.lbkit.api.explain.SkipReason;
import io.github.lbkit.api.internal.load.ServerLoad;
import io.github.lbkit.api.internal.load.TrafficHealth;
import io.github.lbkit.api.internal.protection.LoadRegistry;
import io.github.lbkit.api.internal.snapshot.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A reader of one snapshot that reports what the balancer would do, and changes nothing. Confined to one thread. */
public final class Explainer {
    private final CallContext context;
    private final Policy policy;
    private final LoadRegistry registry;
    private final Function<String, OperatorOverride> overrides;
    private final Snapshot snapshot;

    /**
     * Creates a reader of one snapshot.
     *
     * @param registry the source of the loads of instances that the routing table lacks
     * @param overrides the operator's override of the server with an id
     */
    public Explainer(
            CallContext context,
            Policy policy,
            LoadRegistry registry,
            Function<String, OperatorOverride> overrides,
            Snapshot snapshot) {
        this.context = context;
        this.policy = policy;
        this.registry = registry;
        this.overrides = overrides;
        this.snapshot = snapshot;
    }

    /** Returns why a key goes to its server. */
    public Explanation explain(Key key) {
        DryRunSearch search = new DryRunSearch(context, key, snapshot);
        Picker picker = snapshot.table().picker();
        int chosen = search.choose();
        List<Explanation.Candidate> candidates = new ArrayList<>();
        search.all().forEach((index, reason) -> candidates.add(candidate(index, reason)));
        boolean byKey = snapshot.table().byKey();
        return new Explanation(
                key.toString(),
                policy.name(),
                snapshot.membership().version(),
                byKey ? OptionalLong.of(search.routedHash()) : OptionalLong.empty(),
                byKey ? picker.position(key, search) : "",
                candidates,
                chosen < 0
                        ? Optional.empty()
                        : Optional.of(snapshot.table().members().get(chosen).id()));
    }

    private Explanation.Candidate candidate(int index, Optional<SkipReason> skipped) {
        Member member = snapshot.table().members().get(index);
        Server server = snapshot.server(index);
        return new Explanation.Candidate(member.id(), server == null ? Server.State.DOWN : server.state(), skipped);
    }

    /** Returns the status of every server of the membership, by id. */
    public List<ServerStatus> status() {
        Map<String, Integer> positions = new HashMap<>();
        for (int i = 0; i < snapshot.table().members().size(); i++) {
            positions.put(snapshot.table().members().get(i).id(), i);
        }
        DryRunSearch search = new DryRunSearch(context, Key.none(), snapshot);
        List<ServerStatus> all = new ArrayList<>();
        for (Server server : snapshot.membership().servers()) {
            Integer position = positions.get(server.id());
            ServerLoad load = load(server);
            all.add(new ServerStatus(
                    server,
                    overrides.apply(server.id()),
                    health(load, position == null ? SkipReason.NOT_READY : search.reasonWhenWarm(position)),
                    load == null ? 0 : load.inFlight(),
                    load == null ? 0 : load.latencyNanos()));
        }
        return all;
    }

    private @Nullable ServerLoad load(Server server) {
        return server.instance()
                .map(i -> registry.load(new InstanceId(server.id(), i.generation())))
                .orElse(null);
    }

    private ServerHealth health(@Nullable ServerLoad load, @Nullable SkipReason skipped) {
        TrafficHealth traffic = load == null ? null : load.traffic();
        return new ServerHealth(
                Optional.ofNullable(skipped),
                load != null && load.isUnhealthy() ? Optional.of(load.unhealthyFor()) : Optional.empty(),
                load != null && traffic != null && traffic.isEjected()
                        ? Optional.ofNullable(load.ejectedFor())
                        : Optional.empty(),
                traffic == null ? Duration.ZERO : Duration.ofNanos(traffic.nanosLeft(context.scheduler.nanoTime())));
    }

    /**
     * Returns the share of each server by id: of all keys, or of the total weight for a policy that does not route by
     * key.
     */
    public Map<String, Double> shares() {
        return shares(snapshot.table().members(), snapshot.table().picker());
    }

    /** Returns the owners after a change, at this number of key hashes in rising order, one in each of equal parts. */
    public List<String> owners(MembershipChange change, int hashes) {
        boolean unchanged = change.put().isEmpty() && change.removed().isEmpty();
        List<Member> members = unchanged ? snapshot.table().members() : after(change);
        Picker before = snapshot.table().picker();
        Picker after = unchanged ? before : policy.picker(members, before);
        HashRouter router = after.router().orElse(null);
        if (router == null) {
            return List.of();
        }
        List<String> owners = new ArrayList<>(hashes);
        long part = Long.divideUnsigned(-1, hashes);
        for (int i = 0; i < hashes; i++) {
            long within = Long.remainderUnsigned((i + 1) * 0x9E3779B97F4A7C15L, part);
            int owner = router.owner(i * part + within);
            owners.add(owner < 0 ? "" : members.get(owner).id());
        }
        return owners;
    }

    /** Returns how a change would move the key space. */
    public Plan plan(MembershipChange change) {
        List<Member> members = after(change);
        Picker before = snapshot.table().picker();
        Picker after = policy.picker(members, before);
        List<Plan.Move> moves = before.router()
                .flatMap(from -> after.router().map(from::movesTo))
                .orElse(List.of());
        return Plan.of(moves, shares(snapshot.table().members(), before), shares(members, after));
    }

    /** Returns the members after a change, with the labels that the policy reads. */
    private List<Member> after(MembershipChange change) {
        Set<String> labels = policy.labels();
        return change.applyTo(snapshot.table().members()).stream()
                .map(m -> m.keepingLabels(labels))
                .toList();
    }

    private static Map<String, Double> shares(List<Member> members, Picker picker) {
        Optional<HashRouter> router = picker.router();
        double total = members.stream().mapToDouble(Member::weight).sum();
        Map<String, Double> shares = new LinkedHashMap<>();
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            int index = i;
            shares.put(member.id(), router.map(r -> r.share(index)).orElse(total == 0 ? 0 : member.weight() / total));
        }
        return shares;
    }
}
