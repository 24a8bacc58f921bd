package io.github.lbkit.examples.rollout;

import io.github.lbkit.examples.secret.TokenFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Brings the servers of a running balancer to another image or command, and follows that to its end. */
@Command(
        name = "rollout",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Brings the servers of a running balancer to another image or command, some at a time: each new one is"
                        + " ready before the old one drains. Stops by itself when new ones fail. Without --image, --command and"
                        + " --revert it follows the one that is under way.",
        footer = {"", "Exit status: 0 when it is complete, 1 when it has stopped, 2 when it was refused."})
public final class RolloutCommand implements Callable<Integer> {
    private static final long LOOK_MILLIS = 200;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--admin",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:7433",
            description = "the balancer's admin listener; ${DEFAULT-VALUE} by default")
    private String admin = "";

    @Option(names = "--image", paramLabel = "NAME", description = "the image of the new containers")
    private @Nullable String image;

    @Option(
            names = "--command",
            paramLabel = "WORD",
            split = ",",
            description = "the command of the new processes, its words separated by commas; the balancer must run with"
                    + " --admin-token-file")
    private List<String> command = new ArrayList<>();

    @Option(
            names = "--revert",
            description =
                    "back to what there was before the rollout under way, before one that stopped, or before the last complete one")
    private boolean revert;

    @Option(
            names = "--surge",
            paramLabel = "N",
            defaultValue = "1",
            description = "how many servers are replaced at once; ${DEFAULT-VALUE} by default")
    private int surge;

    @Option(names = "--admin-token-file", paramLabel = "FILE", description = "a file with the token of the balancer")
    private @Nullable Path tokenFile;

    /** Made by picocli. */
    public RolloutCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        try {
            RolloutClient client = new RolloutClient(admin, token());
            Map<String, Object> what = what();
            return follow(client, what.isEmpty() ? client.latest() : client.begin(what));
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private Optional<String> token() {
        return tokenFile == null ? Optional.empty() : Optional.of(TokenFile.read(tokenFile));
    }

    private Map<String, Object> what() {
        Map<String, Object> what = new LinkedHashMap<>();
        if (image != null) {
            what.put("image", image);
        }
        if (!command.isEmpty()) {
            what.put("command", command);
        }
        if (revert) {
            what.put("revert", true);
        }
        if (what.size() > 1) {
            throw new IllegalArgumentException("give one of --image, --command and --revert, not " + what.keySet());
        }
        if (!what.isEmpty()) {
            what.put("surge", surge);
        }
        return what;
    }

    /** Follows it to its end, and tells of each server once. */
    private int follow(RolloutClient client, RolloutView first) throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        if (first.state().equals("none")) {
            out.println("no rollout was asked for since the balancer was started");
            return 0;
        }
        out.println("rolling out " + first.to() + " in place of " + first.from());
        Set<String> told = new HashSet<>();
        RolloutView now = first;
        while (true) {
            tell(now, told, out);
            if (!now.state().equals("running")) {
                return ended(now, out);
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            now = client.latest();
            if (!now.number().equals(first.number())) {
                out.println("another rollout was asked for meanwhile, of " + now.to());
                return 1;
            }
        }
    }

    private static void tell(RolloutView now, Set<String> told, PrintWriter out) {
        for (RolloutView.OfServer server : now.servers()) {
            if (server.fresh() && told.add(server.id())) {
                out.println("  " + server.id() + " is new (" + told.size() + " of "
                        + now.servers().size() + ")");
            }
        }
        out.flush();
    }

    private static int ended(RolloutView last, PrintWriter out) {
        if (last.state().equals("complete")) {
            out.println("complete: " + last.done() + " of " + last.servers().size() + " servers are made of it");
            return 0;
        }
        for (RolloutView.OfServer server : last.servers()) {
            if (server.outcome().equals("FAILED")) {
                out.println("  " + server.id() + " failed: " + server.detail());
            }
        }
        out.println(
                "stopped: " + last.done() + " of " + last.servers().size() + " servers are made of it, the others serve"
                        + " on as they were; the same again resumes, --revert takes it back");
        return 1;
    }
}
