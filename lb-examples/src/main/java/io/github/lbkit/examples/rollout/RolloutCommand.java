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

/** The command that rolls out another image or command on a running balancer, and shows the progress. */
@Command(
        name = "rollout",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Rolls out another image or command to the servers of a running balancer, a few at a time. Each new"
                        + " instance is ready before the old one drains. The rollout stops when new instances fail."
                        + " Without"
                        + " --image, --command and --revert, the command shows the progress of the current rollout.",
        footer = {"", "Exit status: 0 if the rollout is complete, 1 if it has stopped, 2 if it was refused."})
public final class RolloutCommand implements Callable<Integer> {
    private static final long POLL_MILLIS = 200;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--admin",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:7433",
            description = "the URL of the admin listener of the balancer (default: ${DEFAULT-VALUE})")
    private String admin = "";

    @Option(names = "--image", paramLabel = "NAME", description = "the image of the new containers")
    private @Nullable String image;

    @Option(
            names = "--command",
            paramLabel = "WORD",
            split = ",",
            description = "the command of the new processes, with words separated by commas; the balancer must run with"
                    + " --admin-token-file")
    private List<String> command = new ArrayList<>();

    @Option(
            names = "--revert",
            description =
                    "return to the specification before the current rollout, before a stopped one, or before the last"
                            + " complete one")
    private boolean revert;

    @Option(
            names = "--surge",
            paramLabel = "N",
            defaultValue = "1",
            description = "the number of servers that are replaced at the same time (default: ${DEFAULT-VALUE})")
    private int surge;

    @Option(names = "--admin-token-file", paramLabel = "FILE", description = "a file with the token of the balancer")
    private @Nullable Path tokenFile;

    /** Creates the command; picocli calls this. */
    public RolloutCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        try {
            RolloutClient client = new RolloutClient(admin, token());
            Map<String, Object> body = body();
            return follow(client, body.isEmpty() ? client.latest() : client.begin(body));
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private Optional<String> token() {
        return tokenFile == null ? Optional.empty() : Optional.of(TokenFile.read(tokenFile));
    }

    private Map<String, Object> body() {
        Map<String, Object> body = new LinkedHashMap<>();
        if (image != null) {
            body.put("image", image);
        }
        if (!command.isEmpty()) {
            body.put("command", command);
        }
        if (revert) {
            body.put("revert", true);
        }
        if (body.size() > 1) {
            throw new IllegalArgumentException("give one of --image, --command and --revert, not " + body.keySet());
        }
        if (!body.isEmpty()) {
            body.put("surge", surge);
        }
        return body;
    }

    /** Polls the rollout to its end, and prints each replaced server once. */
    private int follow(RolloutClient client, RolloutView first) throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        if (first.state().equals("none")) {
            out.println("there has been no rollout since the start of the balancer");
            return 0;
        }
        out.println("rolling out " + first.to() + " in place of " + first.from());
        Set<String> printed = new HashSet<>();
        RolloutView current = first;
        while (true) {
            print(current, printed, out);
            if (!current.state().equals("running")) {
                return ended(current, out);
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            current = client.latest();
            if (!current.number().equals(first.number())) {
                out.println("another rollout has started in the meantime, of " + current.to());
                return 1;
            }
        }
    }

    private static void print(RolloutView current, Set<String> printed, PrintWriter out) {
        for (RolloutView.OfServer server : current.servers()) {
            if (server.fresh() && printed.add(server.id())) {
                out.println("  " + server.id() + " is new (" + printed.size() + " of "
                        + current.servers().size() + ")");
            }
        }
        out.flush();
    }

    private static int ended(RolloutView last, PrintWriter out) {
        if (last.state().equals("complete")) {
            out.println("complete: " + last.done() + " of " + last.servers().size() + " servers have it");
            return 0;
        }
        for (RolloutView.OfServer server : last.servers()) {
            if (server.outcome().equals("FAILED")) {
                out.println("  " + server.id() + " failed: " + server.detail());
            }
        }
        out.println("stopped: " + last.done() + " of " + last.servers().size() + " servers have it, the others are"
                + " unchanged; run the same command to resume, or use --revert to undo it");
        return 1;
    }
}
