package io.github.lbkit.examples.decide;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Picker;
import io.github.lbkit.api.Policy;
import io.github.lbkit.api.pool.supervised.SupervisedPool;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options for a policy and hypothetical servers, which are the servers of {@code serve} at its start. */
final class HypotheticalServers {
    @Mixin
    private PolicyOptions options = new PolicyOptions();

    @Option(
            names = "--servers",
            paramLabel = "N",
            defaultValue = "3",
            description = "the number of servers, which are called Server 1, Server 2 and so on (default:"
                    + " ${DEFAULT-VALUE})")
    int servers = 3;

    Policy policy() {
        return options.make();
    }

    List<Member> members() {
        if (servers < 0 || servers > 65_535) {
            throw new IllegalArgumentException("--servers " + servers + " is not allowed; allowed: 0 to 65535");
        }
        List<Member> members = new ArrayList<>();
        for (int i = 1; i <= servers; i++) {
            members.add(numbered("Server " + i, i));
        }
        members.sort(Comparator.comparing(Member::id));
        return members;
    }

    /** Returns a member with the number label that the pool would give it. */
    static Member numbered(String id, int number) {
        return new Member(id, 1, Map.of(SupervisedPool.NUMBER_LABEL, Integer.toString(number)));
    }

    Picker picker() {
        return policy().picker(members());
    }

    HashRouter router(Picker picker) {
        return picker.router()
                .orElseThrow(() -> new IllegalArgumentException("policy '" + options.name()
                        + "' does not route by key: any server may get any request, by weight or load"));
    }
}
