package io.github.lbkit.examples.decide;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadView;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Picker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command that shows the server of a key, if all servers are ready. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = "Shows the owner of a key, and the next candidates if the owner cannot serve.")
public final class ExplainCommand implements Callable<Integer> {
    private static final int SHOWN = 10;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private HypotheticalServers hypothetical = new HypotheticalServers();

    @Option(names = "--key", paramLabel = "KEY", required = true, split = ",", description = "one or more keys")
    private List<String> keys = new ArrayList<>();

    /** Creates the command; picocli calls this. */
    public ExplainCommand() {}

    @Override
    public Integer call() {
        try {
            List<Member> members = hypothetical.members();
            Picker picker = hypothetical.picker();
            hypothetical.router(picker);
            keys.forEach(key -> explain(key, picker, members));
            return 0;
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private void explain(String text, Picker picker, List<Member> members) {
        Cursor cursor = new Cursor(() -> ThreadLocalRandom.current().nextLong());
        Key key = Key.of(text);
        String position = picker.position(key, cursor);
        List<String> candidates = new ArrayList<>();
        int next = picker.next(key, cursor, LoadView.IDLE);
        while (next >= 0 && candidates.size() < SHOWN) {
            candidates.add(members.get(next).id());
            next = picker.next(key, cursor, LoadView.IDLE);
        }
        String more = next >= 0 ? " → …" : "";
        String where = position.isEmpty() ? "" : " (" + position + ")";
        spec.commandLine().getOut().println(text + where + ": " + String.join(" → ", candidates) + more);
    }
}
