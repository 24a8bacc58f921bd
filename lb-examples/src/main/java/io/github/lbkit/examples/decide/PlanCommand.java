package io.github.lbkit.examples.decide;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.explain.MembershipChange;
import io.github.lbkit.api.explain.Plan;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command that shows the keys that a change of servers would move. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description = "Shows the share of all keys that a change of servers would move, and between which servers.")
public final class PlanCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private HypotheticalServers hypothetical = new HypotheticalServers();

    @Option(names = "--add", paramLabel = "ID", split = ",", description = "the ids of servers that join")
    private List<String> joining = new ArrayList<>();

    @Option(names = "--remove", paramLabel = "ID", split = ",", description = "the ids of servers that leave")
    private List<String> leaving = new ArrayList<>();

    /** Creates the command; picocli calls this. */
    public PlanCommand() {}

    @Override
    public Integer call() {
        try {
            List<Member> before = hypothetical.members();
            List<String> ids = before.stream().map(Member::id).toList();
            leaving.stream().filter(id -> !ids.contains(id)).findFirst().ifPresent(id -> {
                throw new IllegalArgumentException("--remove '" + id + "' is not one of the servers " + ids);
            });
            joining.stream().filter(ids::contains).findFirst().ifPresent(id -> {
                throw new IllegalArgumentException("--add '" + id + "' is one of the servers already: " + ids);
            });
            List<Member> put = new ArrayList<>();
            for (int i = 0; i < joining.size(); i++) {
                put.add(HypotheticalServers.numbered(joining.get(i), before.size() + 1 + i));
            }
            List<Member> after = new MembershipChange(put, Set.copyOf(leaving)).applyTo(before);
            HashRouter from = hypothetical.router(hypothetical.picker());
            HashRouter to = hypothetical.router(hypothetical.policy().picker(after));
            print(from.movesTo(to));
            return 0;
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private void print(List<Plan.Move> moves) {
        PrintWriter out = spec.commandLine().getOut();
        double moved = moves.stream().mapToDouble(Plan.Move::share).sum();
        out.println(String.format(Locale.ROOT, "moves %.2f %% of all keys", 100 * moved));
        moves.stream()
                .sorted(Comparator.comparingDouble(Plan.Move::share).reversed())
                .forEach(move -> out.println(
                        String.format(Locale.ROOT, "%6.2f %%  %s → %s", 100 * move.share(), move.from(), move.to())));
    }
}
