package io.github.lbkit.api.pool.process;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.pool.supervised.LaunchedInstance;
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

/**
 * One process of a {@link ProcessLauncher}: its own child, or a process of an earlier owner. Confined to the
 * launcher's thread.
 */
final class InstanceProcess {
    private static final Logger LOG = LoggerFactory.getLogger(InstanceProcess.class);

    /** Completes when the address is known, or can no longer become known. */
    final CompletableFuture<LaunchedInstance> launched = new CompletableFuture<>();

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

    /** Returns whether an earlier owner started the process. */
    boolean isLeftover() {
        return process == null;
    }

    boolean stopping() {
        return stopping;
    }

    /**
     * Returns whether the process has ended. A process of an earlier owner has also ended if only its entry in the
     * process table is left.
     */
    boolean ended() {
        return !handle.isAlive() || (process == null && zombie());
    }

    LaunchedInstance describe() {
        String pid = "process " + record.pid();
        return record.port() == 0
                ? LaunchedInstance.incomplete(record.request(), record.specHash(), pid)
                : LaunchedInstance.at(Address.of("127.0.0.1", record.port()), record.request(), record.specHash(), pid);
    }

    /**
     * Runs a task on any thread when the process has ended and its exit code is known; never for a process of an
     * earlier owner.
     */
    void whenEnded(Runnable task) {
        if (process != null) {
            var unused = process.onExit().thenRun(task);
        }
    }

    /** Returns how the process ended, for people. */
    String exit() {
        if (process == null) {
            return "process " + record.pid() + " has ended";
        }
        return "process " + record.pid() + " ended with exit code " + ProcessEnd.code(process.exitValue());
    }

    /** Asks the process to end: closes its standard input and sends the termination signal. */
    void stop() {
        if (!stopping) {
            stopping = true;
            noteDescendants();
            if (process != null) {
                try {
                    process.getOutputStream().close();
                } catch (IOException e) {
                    // the process has closed its standard input before
                    LOG.debug("{}: {}", record.request().name(), e.getMessage());
                }
            }
            handle.destroy();
        }
    }

    /** Kills the process. */
    void kill() {
        if (!ended()) {
            noteDescendants();
            handle.destroyForcibly();
        }
    }

    /** Kills the descendants that the process left behind. */
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
     * Returns the process of this record, if it still runs.
     *
     * @param mark the mark in the environment of the process, which finds it if its id was not recorded
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

    /**
     * Returns whether the process is the recorded one. A start time that comes from the clock may have moved with the
     * clock; then only the mark decides.
     */
    private static boolean isSame(ProcessHandle handle, ProcessStart recorded, String mark) {
        ProcessStart now = ProcessStart.of(handle, 0);
        boolean exact = recorded.isExact() && now.isExact();
        return exact
                ? recorded.isSame(now) && !ProcessMark.isAnother(handle, mark)
                : recorded.isSame(now) || ProcessMark.carries(handle, mark);
    }
}
