package io.github.lbkit.examples.serve;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The notifications of this service to systemd (sd_notify(3)): ready, stopping, a status line, and the keep-alive of
 * the watchdog, which is sent only if no event loop is stalled. Java cannot send datagrams on a Unix socket, so the
 * program {@code systemd-notify} sends them, and the unit needs {@code NotifyAccess=all}. A thread of its own runs that
 * program. Thread-safe.
 */
final class SystemdNotices implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SystemdNotices.class);
    private static final Duration STATUS_EVERY = Duration.ofSeconds(5);
    private static final long PROGRAM_MILLIS = 5_000;

    private final Balancer balancer;
    private final String socket;
    private final Optional<Duration> watchdog;
    private final boolean handsOver;
    private final Thread thread;

    /** The messages to send; an empty message ends the thread. */
    private final BlockingQueue<List<String>> messages = new LinkedBlockingQueue<>();

    /** The last status line; confined to the thread. */
    private String status = "";

    /** True if the last run of the program failed; confined to the thread. */
    private boolean failed;

    private SystemdNotices(Balancer balancer, String socket, Optional<Duration> watchdog, boolean handsOver) {
        this.handsOver = handsOver;
        this.balancer = balancer;
        this.socket = socket;
        this.watchdog = watchdog;
        thread = new Thread(this::run, "lbkit-systemd");
        thread.setDaemon(true);
    }

    /** Starts the notifications if the environment names the socket of systemd. */
    static Optional<SystemdNotices> start(Balancer balancer, Map<String, String> environment) {
        return start(balancer, environment, false);
    }

    /**
     * Starts the notifications if the environment names the socket of systemd.
     *
     * @param handsOver whether another process may take over the service when this one stops
     */
    static Optional<SystemdNotices> start(Balancer balancer, Map<String, String> environment, boolean handsOver) {
        String socket = environment.getOrDefault("NOTIFY_SOCKET", "");
        if (socket.isEmpty()) {
            return Optional.empty();
        }
        SystemdNotices notices = new SystemdNotices(balancer, socket, watchdog(environment), handsOver);
        notices.thread.start();
        return Optional.of(notices);
    }

    /** Returns the maximum time between two keep-alives of this process; empty if there is no watchdog. */
    static Optional<Duration> watchdog(Map<String, String> environment) {
        String micros = environment.getOrDefault("WATCHDOG_USEC", "");
        String pid = environment.getOrDefault("WATCHDOG_PID", "");
        boolean ours = pid.isEmpty()
                || pid.equals(Long.toString(ProcessHandle.current().pid()));
        return ours && micros.matches("[1-9][0-9]{0,17}")
                ? Optional.of(Duration.ofNanos(1_000 * Math.min(Long.parseLong(micros), Long.MAX_VALUE / 1_000)))
                : Optional.empty();
    }

    /** Notifies systemd that the balancer serves. */
    void ready() {
        messages.add(List.of("READY=1"));
    }

    /**
     * Notifies systemd that a stop has begun. Where another process takes over the listening socket, the service does
     * not stop with this process, so that nothing more is sent.
     */
    void stopping() {
        messages.add(handsOver ? List.of() : List.of("STOPPING=1", "STATUS=stopping"));
    }

    private void run() {
        long period =
                watchdog.map(time -> time.dividedBy(2)).orElse(STATUS_EVERY).toNanos();
        long next = System.nanoTime() + period;
        try {
            while (true) {
                List<String> message = messages.poll(Math.max(0, next - System.nanoTime()), TimeUnit.NANOSECONDS);
                if (message == null) {
                    next = System.nanoTime() + period;
                    message = regular();
                } else if (message.isEmpty()) {
                    return;
                } else if (message.contains("READY=1")) {
                    message = withStatus(message);
                }
                send(message);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns the periodic message: the status if it has changed, and the keep-alive if no event loop is stalled. */
    private List<String> regular() throws InterruptedException {
        List<String> message = new ArrayList<>();
        if (watchdog.isPresent()) {
            Map<String, String> stalled = balancer.stalledLoops();
            if (stalled.isEmpty()) {
                message.add("WATCHDOG=1");
            } else {
                LOG.warn("the watchdog of systemd gets no keep-alive, because event loops are stalled: {}", stalled);
            }
        }
        return withStatus(message);
    }

    private List<String> withStatus(List<String> message) {
        String newest = balancer.isStopping() ? "stopping" : "serving: " + balancer.summary();
        if (newest.equals(status)) {
            return message;
        }
        status = newest;
        List<String> all = new ArrayList<>(message);
        all.add("STATUS=" + newest);
        return all;
    }

    private void send(List<String> message) throws InterruptedException {
        if (message.isEmpty()) {
            return;
        }
        List<String> command = new ArrayList<>(List.of("systemd-notify"));
        command.addAll(message);
        String failure = run(command);
        if (failure != null && !failed) {
            LOG.warn("systemd could not be notified: {}", failure);
        }
        failed = failure != null;
    }

    /** Runs the program; returns the reason of a failure, null if it succeeded. */
    private @Nullable String run(List<String> command) throws InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(Redirect.from(new File("/dev/null")))
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD);
        builder.environment().put("NOTIFY_SOCKET", socket);
        try {
            Process process = builder.start();
            if (!process.waitFor(PROGRAM_MILLIS, TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                return command + " did not end within " + PROGRAM_MILLIS + " ms";
            }
            return process.exitValue() == 0 ? null : command + " ended with status " + process.exitValue();
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Sends the remaining messages, and ends the thread within five seconds. */
    @Override
    public void close() {
        messages.add(List.of());
        try {
            thread.join(PROGRAM_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
