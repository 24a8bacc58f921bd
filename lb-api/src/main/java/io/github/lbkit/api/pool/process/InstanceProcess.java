package io.github.lbkit.api.pool.process;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.pool.supervised.Launched;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One process of a {@link ProcessLauncher}: its own child, or one that an earlier owner left. Confined to its thread. */
final class InstanceProcess {
    private static final Logger LOG = LoggerFactory.getLogger(InstanceProcess.class);

    /** Completes when the address is known, or it is known that it never will be. */
    final CompletableFuture<Launched> launched = new CompletableFuture<>();

    /** Completes when the process has ended. */
    final CompletableFuture<Void> gone = new CompletableFuture<>();

    private final ProcessHandle handle;
    private final @Nullable Process process;
    private ProcessRecord record;
    private boolean stopping;
    private final Set<ProcessHandle> descendants = new HashSet<>();

    private InstanceProcess(ProcessRecord record, ProcessHandle handle, @Nullable Process process) {
        this.record = record;
        this.handle = handle;
        this.process = process;
    }

    static InstanceProcess started(ProcessRecord record, Process process) {
        return new InstanceProcess(record, process.toHandle(), process);
    }

    private static InstanceProcess found(ProcessRecord record, ProcessHandle handle) {
        return new InstanceProcess(record, handle, null);
    }

    InstanceId key() {
        return record.request().instanceId();
    }

    ProcessRecord record() {
        return record;
    }

    void listensOn(int port) {
        record = record.withPort(port);
    }

    /** Whether an earlier owner started it. */
    boolean isLeftover() {
        return process == null;
    }

    boolean stopping() {
        return stopping;
    }

    /** Whether it has ended; of another's process that nobody collects, when only its entry is left. */
    boolean ended() {
        return !handle.isAlive() || (process == null && zombie());
    }

    Launched describe() {
        String pid = "process " + record.pid();
        return record.port() == 0
                ? Launched.halfMade(record.request(), record.specHash(), pid)
                : Launched.at(Address.of("127.0.0.1", record.port()), record.request(), record.specHash(), pid);
    }

    /** Runs this on some thread when it has ended and its exit code is known; not for what another has started. */
    void whenEnded(Runnable task) {
        if (process != null) {
            var unused = process.onExit().thenRun(task);
        }
    }

    /** How it ended, for people. */
    String exit() {
        if (process == null) {
            return "process " + record.pid() + " has ended";
        }
        return "process " + record.pid() + " ended with exit code " + ProcessEnd.code(process.exitValue());
    }

    /** Asks it to end: standard input closes, and it gets the polite signal. */
    void stop() {
        if (!stopping) {
            stopping = true;
            noteDescendants();
            if (process != null) {
                try {
                    process.getOutputStream().close();
                } catch (IOException e) {
                    // it has closed its end before: there is nothing to tell it this way
                    LOG.debug("{}: {}", record.request().name(), e.getMessage());
                }
            }
            handle.destroy();
        }
    }

    /** Ends it. */
    void kill() {
        if (!ended()) {
            noteDescendants();
            handle.destroyForcibly();
        }
    }

    /** Ends what it left behind. */
    void killDescendants() {
        descendants.forEach(ProcessHandle::destroyForcibly);
    }

    private void noteDescendants() {
        handle.descendants().forEach(descendants::add);
    }

    private boolean zombie() {
        Path stat = Path.of("/proc", Long.toString(record.pid()), "stat");
        try {
            String line = Files.readString(stat);
            return line.startsWith("Z", line.lastIndexOf(')') + 2);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * The process that a record tells of, if it still runs and is the same.
     *
     * @param mark that it carries; looked for if its id was not recorded
     */
    static Optional<InstanceProcess> find(ProcessRecord record, String mark) {
        if (record.pid() == 0) {
            return ProcessMark.find(mark)
                    .map(handle -> found(record.startedAs(handle.pid(), ProcessStart.of(handle, 0)), handle));
        }
        return ProcessHandle.of(record.pid())
                .filter(ProcessHandle::isAlive)
                .filter(handle -> isSame(handle, record.start(), mark))
                .map(handle -> found(record, handle));
    }

    /** A start by the clock alone may have moved with the clock; then the mark decides, and it alone. */
    private static boolean isSame(ProcessHandle handle, ProcessStart recorded, String mark) {
        ProcessStart now = ProcessStart.of(handle, 0);
        boolean exact = recorded.isExact() && now.isExact();
        return exact
                ? recorded.isSame(now) && !ProcessMark.isAnother(handle, mark)
                : recorded.isSame(now) || ProcessMark.carries(handle, mark);
    }
}
