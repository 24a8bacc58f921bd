package io.github.lbkit.api.pool.process;

import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.internal.ThrownText;
import io.github.lbkit.api.internal.VisibleText;
import io.github.lbkit.api.internal.pool.PoolLog;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.pool.supervised.LaunchRequest;
import io.github.lbkit.api.pool.supervised.LaunchSpec;
import io.github.lbkit.api.pool.supervised.LaunchedInstance;
import io.github.lbkit.api.pool.supervised.Launcher;
import io.github.lbkit.api.pool.supervised.LauncherListener;
import io.github.lbkit.api.pool.supervised.PoolState;
import io.github.lbkit.api.runtime.Scheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A launcher of local processes. Thread-safe; files and processes are used on one thread of its own.
 *
 * <p>The directory of the pool below {@link PoolContext#stateDirectory} holds a lock, which gives the pool one owner.
 * It also holds a record of each process, by which the next owner finds the processes of this one. A process id is
 * trusted only if the process started at the recorded time, in ticks since the boot where the system counts them. And
 * it holds each process's output, of limited length, which is removed with its instance unless the instance failed.
 *
 * <p>A process is stopped by the end of its standard input and the termination signal, and is killed after the grace
 * period. Descendants that it left behind are killed then. When a process ends in another way, its descendants are not
 * touched.
 */
public final class ProcessLauncher implements Launcher {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessLauncher.class);
    private static final Duration LOOK_FOR_LINE = Duration.ofMillis(5);
    private static final Duration LIMIT_OUTPUTS = Duration.ofMillis(500);
    private static final Duration LOOK_AT_LEFTOVERS = Duration.ofMillis(100);

    private final ProcessOptions options;
    private final Scheduler scheduler;
    private final StateDirectory state;
    private final PoolLog log;
    private final List<LauncherListener> listeners = new CopyOnWriteArrayList<>();

    /** The processes by instance; confined to the scheduler. */
    private final Map<InstanceId, InstanceProcess> processes = new LinkedHashMap<>();

    private boolean lookingAtLeftovers;

    private ProcessLauncher(PoolContext context, ProcessOptions options) {
        this.options = options;
        this.state = StateDirectory.open(context.stateDirectory(), context.name());
        try {
            this.scheduler = context.runtimes().scheduler("processes-" + context.name());
        } catch (Throwable e) {
            state.close();
            throw e;
        }
        this.log = new PoolLog(context.name(), scheduler);
        scheduler.schedule(LIMIT_OUTPUTS, this::limitOutputs);
    }

    /**
     * Opens the launcher of this pool's processes.
     *
     * @throws IllegalStateException if the pool has an owner; the message names the lock and its holder
     * @throws java.io.UncheckedIOException if the state directory cannot be used
     */
    public static ProcessLauncher open(PoolContext context, ProcessOptions options) {
        return new ProcessLauncher(context, options);
    }

    @Override
    public CompletionStage<LaunchedInstance> launch(LaunchRequest request) {
        return launch(request, options);
    }

    /**
     * Launches from these {@link ProcessOptions}. The number of logs to keep stays that of the launcher's own options.
     */
    @Override
    public CompletionStage<LaunchedInstance> launch(LaunchRequest request, LaunchSpec spec) {
        CompletableFuture<LaunchedInstance> launched = new CompletableFuture<>();
        if (!(spec instanceof ProcessOptions process)) {
            launched.completeExceptionally(new IllegalArgumentException(spec + " is not ProcessOptions"));
            return launched;
        }
        scheduler.execute(() -> {
            try {
                begin(request, process, launched);
            } catch (Throwable e) { // the hash of a spec is code of others, and the caller needs an answer
                launched.completeExceptionally(ThrownText.printable(e));
            }
        });
        return launched;
    }

    @Override
    public CompletionStage<List<LaunchedInstance>> list() {
        CompletableFuture<List<LaunchedInstance>> listed = new CompletableFuture<>();
        scheduler.execute(() -> {
            try {
                findLeftovers();
                listed.complete(processes.values().stream()
                        .map(InstanceProcess::describe)
                        .toList());
            } catch (IOException | RuntimeException | Error e) {
                listed.completeExceptionally(e);
            }
        });
        return listed;
    }

    @Override
    public Subscription watch(LauncherListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public CompletionStage<Void> terminate(String id, long generation, Duration grace) {
        CompletableFuture<Void> terminated = new CompletableFuture<>();
        scheduler.execute(() -> {
            InstanceProcess process = processes.get(new InstanceId(id, generation));
            if (process == null) {
                terminated.complete(null);
                return;
            }
            var unused = process.gone.thenAccept(terminated::complete);
            if (grace.isZero()) {
                process.stop();
                process.kill();
            } else {
                process.stop();
                scheduler.schedule(grace, process::kill);
            }
        });
        return terminated;
    }

    /** Describes a spec by its command, if it differs from the launcher's own in nothing else. */
    @Override
    public Optional<String> describe(LaunchSpec spec) {
        return spec instanceof ProcessOptions process
                        && options.withCommand(process.command).hash().equals(process.hash())
                ? Optional.of(String.join("\0", process.command))
                : Optional.empty();
    }

    @Override
    public Optional<LaunchSpec> recall(String description) {
        return Optional.of(options.withCommand(List.of(description.split("\0", -1))));
    }

    @Override
    public CompletionStage<Optional<PoolState>> remembered() {
        return onThread(state::poolState);
    }

    @Override
    public CompletionStage<Void> remember(Optional<PoolState> poolState) {
        return onThread(() -> {
                    state.write(poolState);
                    return poolState;
                })
                .thenApply(kept -> null);
    }

    private <T> CompletableFuture<T> onThread(Callable<T> task) {
        CompletableFuture<T> done = new CompletableFuture<>();
        scheduler.execute(() -> {
            try {
                done.complete(task.call());
            } catch (Throwable e) { // the caller needs an answer
                done.completeExceptionally(ThrownText.printable(e));
            }
        });
        return done;
    }

    @Override
    public boolean launches(LaunchSpec spec) {
        return spec instanceof ProcessOptions;
    }

    @Override
    public LaunchSpec spec() {
        return options;
    }

    @Override
    public String specHash() {
        return options.hash();
    }

    @Override
    public void close() {
        listeners.clear();
        scheduler.close();
        state.close();
    }

    private void begin(LaunchRequest request, ProcessOptions spec, CompletableFuture<LaunchedInstance> launched)
            throws IOException {
        if (!request.name().matches("[a-z0-9_-]{1,63}")) {
            throw new IllegalArgumentException(
                    "instance name '" + request.name() + "' is not 1 to 63 of lower-case letters, digits, '-', '_'");
        }
        if (processes.containsKey(new InstanceId(request.id(), request.generation()))) {
            throw new IllegalArgumentException(
                    "'" + request.id() + "' generation " + request.generation() + " runs already");
        }
        int port = spec.givesPort() ? FreePort.find(this::taken) : 0;
        ProcessRecord intended = ProcessRecord.intended(request, spec.hash());
        state.removeOutput(request.name());
        state.write(intended);
        String name = request.name();
        InstanceProcess process =
                start(intended, ProcessCommand.builder(spec, request, port, state.mark(name), state.output(name)));
        processes.put(process.key(), process);
        relay(process.launched, launched);
        process.whenEnded(() -> scheduler.execute(() -> ended(process)));
        if (spec.readyLine == null) {
            listens(process, port);
        } else {
            remember(process);
            ReadyLine line = new ReadyLine(state.output(name), spec.readyLine);
            boolean told = spec.readyLine.pattern().contains("(?<port>");
            lookFor(line, process, told ? 0 : port);
        }
    }

    private InstanceProcess start(ProcessRecord intended, ProcessBuilder builder) throws IOException {
        try {
            Process process = builder.start();
            ProcessStart start =
                    ProcessStart.of(process.toHandle(), scheduler.now().toEpochMilli());
            return InstanceProcess.started(intended.startedAs(process.pid(), start), process);
        } catch (IOException | RuntimeException e) {
            state.removeRecord(intended.request().name());
            state.removeOutput(intended.request().name());
            throw e;
        }
    }

    private boolean taken(int port) {
        return processes.values().stream().anyMatch(process -> process.record().port() == port);
    }

    private void lookFor(ReadyLine line, InstanceProcess process, int port) {
        if (process.launched.isDone()) {
            return;
        }
        try {
            Optional<Matcher> found = line.look();
            if (found.isPresent()) {
                listens(process, port(found.get(), port));
            } else {
                scheduler.schedule(LOOK_FOR_LINE, () -> lookFor(line, process, port));
            }
        } catch (IOException | RuntimeException e) {
            process.launched.completeExceptionally(ThrownText.printable(e));
        }
    }

    private int port(Matcher line, int given) {
        if (given != 0) {
            return given;
        }
        String said = line.group("port");
        try {
            int port = Integer.parseInt(said);
            if (port >= 1 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            LOG.debug("'{}' is no port", said);
        }
        throw new IllegalArgumentException("the ready line says port '" + VisibleText.of(said) + "'");
    }

    private void listens(InstanceProcess process, int port) {
        process.listensOn(port);
        remember(process);
        process.launched.complete(process.describe());
    }

    private void remember(InstanceProcess process) {
        try {
            state.write(process.record());
        } catch (IOException e) {
            LOG.error(
                    "{} cannot be recorded, the next owner of the pool will not know it: {}",
                    process.key(),
                    e.getMessage());
        }
    }

    private void findLeftovers() throws IOException {
        for (ProcessRecord record : state.records()) {
            InstanceId key =
                    new InstanceId(record.request().id(), record.request().generation());
            if (processes.containsKey(key)) {
                continue;
            }
            Optional<InstanceProcess> found =
                    InstanceProcess.find(record, state.mark(record.request().name()));
            if (found.isPresent()) {
                processes.put(key, found.get());
                if (!lookingAtLeftovers) {
                    lookingAtLeftovers = true;
                    scheduler.schedule(LOOK_AT_LEFTOVERS, this::lookAtLeftovers);
                }
            } else {
                state.removeRecord(record.request().name());
            }
        }
        state.prune(options.logsKept);
    }

    /** Polls the processes of an earlier owner, whose ends the platform reports only after seconds. */
    private void lookAtLeftovers() {
        List<InstanceProcess> left =
                processes.values().stream().filter(InstanceProcess::isLeftover).toList();
        left.stream().filter(InstanceProcess::ended).forEach(this::ended);
        lookingAtLeftovers = left.stream().anyMatch(process -> !process.gone.isDone());
        if (lookingAtLeftovers) {
            scheduler.schedule(LOOK_AT_LEFTOVERS, this::lookAtLeftovers);
        }
    }

    private void ended(InstanceProcess process) {
        if (!processes.remove(process.key(), process)) {
            return;
        }
        String name = process.record().request().name();
        state.removeRecord(name);
        process.killDescendants();
        String exit = process.exit();
        if (process.stopping()) {
            state.removeOutput(name);
        } else {
            exit += ", its output is in " + state.output(name) + lastWords(name);
            state.prune(options.logsKept);
        }
        process.gone.complete(null);
        process.launched.completeExceptionally(new IllegalStateException(
                exit + (process.stopping() ? ", as it was told to, before it was ready" : "")));
        if (!process.stopping()) {
            String detail = exit;
            tell(listener ->
                    listener.exited(process.key().serverId(), process.key().generation(), detail));
        }
    }

    private String lastWords(String name) {
        String last = state.lastLines(name);
        return last.isEmpty() ? "" : ", which ends with " + last;
    }

    private void tell(Consumer<LauncherListener> call) {
        listeners.forEach(listener -> log.calls().run(listener, "the end of a process", () -> call.accept(listener)));
    }

    /**
     * Limits the outputs, except of processes whose ready line is still awaited: that output is short, or the launch
     * fails.
     */
    private void limitOutputs() {
        scheduler.schedule(LIMIT_OUTPUTS, this::limitOutputs);
        for (InstanceProcess process : processes.values()) {
            if (process.record().appends() && (process.isLeftover() || process.launched.isDone())) {
                String name = process.record().request().name();
                try {
                    new OutputFile(state.output(name)).limit(options.outputLimit);
                } catch (IOException e) {
                    log.warn(
                            process.key().serverId(),
                            "output",
                            "output {} cannot be limited: {}",
                            state.output(name),
                            ThrownText.of(e));
                }
            }
        }
    }

    private static <T> void relay(CompletableFuture<T> from, CompletableFuture<T> to) {
        var unused = from.whenComplete((value, e) -> {
            if (e == null) {
                to.complete(value);
            } else {
                to.completeExceptionally(e);
            }
        });
    }
}
