package io.github.lbkit.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells what a snapshot would do, without doing it. */
final class Explainer {
    private final LoadBalancer balancer;
    private final Snapshot snapshot;

    Explainer(LoadBalancer balancer, Snapshot snapshot) {
        this.balancer = balancer;
        this.snapshot = snapshot;
    }

    Explanation explain(Key key) {
        Picker picker = snapshot.table.picker();
        Optional<HashRouter> router = picker.router();
        List<Explanation.Candidate> candidates = new ArrayList<>();
        if (router.isEmpty()) {
            for (int i = 0; i < snapshot.table.members().size(); i++) {
                candidates.add(candidate(i, balancer.random.getAsLong()));
            }
            return new Explanation(
                    key.toString(),
                    balancer.policy().name(),
                    snapshot.membership.version(),
                    OptionalLong.empty(),
                    "",
                    candidates,
                    Optional.empty());
        }
        Cursor cursor = new Cursor(balancer.random);
        String position = picker.position(key, cursor);
        for (int i; (i = picker.next(key, cursor, LoadView.IDLE)) >= 0; ) {
            candidates.add(candidate(i, cursor.keyHash()));
        }
        OptionalLong hash = OptionalLong.of(cursor.keyHash());
        Optional<String> chosen = candidates.stream()
                .filter(c -> c.skipped().isEmpty())
                .map(Explanation.Candidate::id)
                .findFirst();
        return new Explanation(
                key.toString(),
                balancer.policy().name(),
                snapshot.membership.version(),
                hash,
                position,
                candidates,
                chosen);
    }

    private Explanation.Candidate candidate(int index, long draw) {
        Member member = snapshot.table.members().get(index);
        Server server = snapshot.servers[index];
        return new Explanation.Candidate(
                member.id(),
                server == null ? Server.State.DOWN : server.state(),
                Optional.ofNullable(skip(index, draw)));
    }

    private @Nullable SkipReason skip(int index, long draw) {
        ServerLoad load = snapshot.loads[index];
        SkipReason fixed = Filters.fixed(snapshot.servers[index], load, snapshot.overrides[index]);
        if (fixed != null || load == null) {
            return fixed;
        }
        if (balancer.protection.isUnhealthy(load)) {
            return SkipReason.UNHEALTHY;
        }
        if (balancer.protection.wouldRefuse(load)) {
            return SkipReason.EJECTED;
        }
        if (balancer.protection.isWarming(load) && !balancer.protection.takes(load, draw)) {
            return SkipReason.WARMING_UP;
        }
        if (load.inFlight() >= balancer.maxInFlightPerServer) {
            return SkipReason.AT_CAPACITY;
        }
        InFlightCap cap = balancer.inFlightCap;
        return cap != null && cap.isReached() ? SkipReason.POOL_AT_CAPACITY : null;
    }

    /** The share of all keys, or for a policy that does not route by key of all weight, by id. */
    Map<String, Double> shares() {
        return shares(snapshot.table.members(), snapshot.table.picker());
    }

    /** The owners after this change at so many key hashes, one at random in each of so many equal parts, in order. */
    List<String> owners(MembershipChange change, int hashes) {
        boolean unchanged = change.put().isEmpty() && change.removed().isEmpty();
        List<Member> members = unchanged ? snapshot.table.members() : after(change);
        Picker before = snapshot.table.picker();
        Picker after = unchanged ? before : balancer.policy().picker(members, before);
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

    Plan plan(MembershipChange change) {
        List<Member> members = after(change);
        Picker before = snapshot.table.picker();
        Picker after = balancer.policy().picker(members, before);
        List<Plan.Move> moves = before.router()
                .flatMap(from -> after.router().map(from::movesTo))
                .orElse(List.of());
        return Plan.of(moves, shares(snapshot.table.members(), before), shares(members, after));
    }

    /** The members after this change, as the policy would see them. */
    private List<Member> after(MembershipChange change) {
        Set<String> labels = balancer.policy().labels();
        return change.applyTo(snapshot.table.members()).stream()
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
