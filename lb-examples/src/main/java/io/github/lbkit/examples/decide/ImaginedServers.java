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

/** A policy and the servers it is asked about, as {@code serve} would begin with them. */
final class ImaginedServers {
    @Mixin
    private PolicyChoice choice = new PolicyChoice();

    @Option(
            names = "--servers",
            paramLabel = "N",
            defaultValue = "3",
            description = "how many servers: Server 1, Server 2 and so on (default: ${DEFAULT-VALUE})")
    int servers = 3;

    Policy policy() {
        return choice.make();
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

    /** A member as the pool would number it. */
    static Member numbered(String id, int number) {
        return new Member(id, 1, Map.of(SupervisedPool.NUMBER_LABEL, Integer.toString(number)));
    }

    Picker picker() {
        return policy().picker(members());
    }

    HashRouter router(Picker picker) {
        return picker.router()
                .orElseThrow(() -> new IllegalArgumentException("policy '" + choice.name()
                        + "' does not route by key: any server may get any request, by weight or load"));
    }
}
