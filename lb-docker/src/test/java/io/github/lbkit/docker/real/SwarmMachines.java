package io.github.lbkit.docker.real;

import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.docker.EngineException;
import io.github.lbkit.docker.internal.engine.Engine;
import io.github.lbkit.docker.internal.engine.EngineAddress;
import io.github.lbkit.docker.internal.engine.EngineCall;
import io.github.lbkit.docker.internal.engine.Json;
import io.github.lbkit.testkit.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A swarm of two engines of the test, each in its own network namespace, joined by a bridge: the closest to two
 * machines that one machine offers. It needs root and is removed when it is closed. Confined to the test's thread.
 */
public final class SwarmMachines implements AutoCloseable {
    private static final Path DOCKERD = Path.of("/usr/sbin/dockerd");
    private static final Duration SLOW_CALL = Duration.ofSeconds(30);

    private final Path directory;
    private final String prefix;
    private final String subnet;
    private final List<Machine> machines = new ArrayList<>();
    private final Thread atExit = new Thread(this::tearDown, "swarm-machines-at-exit");

    /** One engine, its process and its namespace. */
    private record Machine(String namespace, String link, String address, Path socket, Process process) {}

    private SwarmMachines(Path directory) {
        long pid = ProcessHandle.current().pid();
        this.directory = directory;
        prefix = "lbs" + pid % 100_000;
        subnet = "10.98." + pid % 250;
    }

    /** Why it cannot be had here; empty if it can. */
    public static String missing() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return "not root";
        }
        if (!Files.isExecutable(DOCKERD)) {
            return "no " + DOCKERD;
        }
        String probe = "lbs" + ProcessHandle.current().pid() % 100_000 + "p";
        boolean possible = succeeds("nsenter", "--version") && succeeds("ip", "netns", "add", probe);
        return possible && succeeds("ip", "netns", "del", probe) ? "" : "no network namespaces (ip netns add, nsenter)";
    }

    /** Starts both and makes them a swarm whose manager is the first. */
    public static SwarmMachines start() throws IOException {
        SwarmMachines swarm = new SwarmMachines(Files.createTempDirectory(Path.of("/tmp"), "lbs"));
        Runtime.getRuntime().addShutdownHook(swarm.atExit);
        try {
            swarm.run("ip", "link", "add", swarm.prefix, "type", "bridge");
            swarm.run("ip", "addr", "add", swarm.subnet + ".1/24", "dev", swarm.prefix);
            swarm.run("ip", "link", "set", swarm.prefix, "up");
            swarm.addMachine(1);
            swarm.addMachine(2);
            swarm.join();
            return swarm;
        } catch (IOException | RuntimeException | Error e) {
            swarm.close();
            throw e;
        }
    }

    private void addMachine(int number) throws IOException {
        String namespace = prefix + "n" + number;
        String link = prefix + "v" + number;
        String address = subnet + ".1" + number;
        run("ip", "netns", "add", namespace);
        run("ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", namespace);
        run("ip", "link", "set", link, "master", prefix, "up");
        run("ip", "-n", namespace, "addr", "add", address + "/24", "dev", "eth0");
        run("ip", "-n", namespace, "link", "set", "eth0", "up");
        run("ip", "-n", namespace, "link", "set", "lo", "up");
        Path home = Files.createDirectory(directory.resolve("m" + number));
        Path socket = home.resolve("s");
        // ip netns exec would mount /sys anew and hide the control groups
        Process process = new ProcessBuilder(
                        "nsenter",
                        "--net=/run/netns/" + namespace,
                        DOCKERD.toString(),
                        "--host=unix://" + socket,
                        "--data-root=" + home.resolve("data"),
                        "--exec-root=" + home.resolve("exec"),
                        "--pidfile=" + home.resolve("pid"))
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("log").toFile())
                .start();
        machines.add(new Machine(namespace, link, address, socket, process));
        try (Engine engine = connect(number)) {
            Await.inRealTime().until("engine " + number + " answers, see " + home + "/log", () -> {
                try {
                    return !engine.apiVersion().isEmpty();
                } catch (EngineException notYet) {
                    return false;
                }
            });
        }
    }

    private void join() {
        String manager = machines.get(0).address() + ":2377";
        try (Engine first = connect(1);
                Engine second = connect(2)) {
            first.bytes(EngineCall.post(
                            "/swarm/init",
                            Json.of(Map.of(
                                    "ListenAddr",
                                    manager,
                                    "AdvertiseAddr",
                                    machines.get(0).address())))
                    .withTimeout(SLOW_CALL));
            String token = first.ask(EngineCall.get("/swarm"))
                    .at("JoinTokens", "Worker")
                    .text("");
            second.bytes(EngineCall.post(
                            "/swarm/join",
                            Json.of(Map.of(
                                    "ListenAddr",
                                    machines.get(1).address() + ":2377",
                                    "AdvertiseAddr",
                                    machines.get(1).address(),
                                    "RemoteAddrs",
                                    List.of(manager),
                                    "JoinToken",
                                    token)))
                    .withTimeout(SLOW_CALL));
        }
    }

    /** Builds the test image on both. */
    public void buildImage(String name) throws IOException {
        for (int number = 1; number <= machines.size(); number++) {
            try (Engine engine = connect(number)) {
                TestImage.build(engine, name, "");
            }
        }
    }

    /** Creates a service of this image whose tasks publish their port on their machines. */
    public void createService(String name, String image, int replicas) {
        try (Engine engine = connect(1)) {
            TestService.create(engine, name, image, replicas);
        }
    }

    /** The manager's address, for options of a pool. */
    public String manager() {
        return "unix://" + machines.get(0).socket();
    }

    /** The address of a machine, counted from 1. */
    public String address(int number) {
        return machines.get(number - 1).address();
    }

    /** A connection to the engine of a machine, for the test. */
    public Engine connect(int number) {
        return Engine.open(
                EngineAddress.of("unix://" + machines.get(number - 1).socket()),
                Runtimes.system(),
                "machine-" + number);
    }

    /** Nobody reaches this machine any more. */
    public void cutOff(int number) throws IOException {
        run("ip", "link", "set", machines.get(number - 1).link(), "down");
    }

    /** Ends {@link #cutOff}. */
    public void heal(int number) throws IOException {
        run("ip", "link", "set", machines.get(number - 1).link(), "up");
    }

    private void run(String... command) throws IOException {
        Process done = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(done.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Await.inRealTime().until(String.join(" ", command), () -> !done.isAlive());
        if (done.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said.strip());
        }
    }

    private static boolean succeeds(String... command) {
        try {
            Process done = new ProcessBuilder(command).redirectErrorStream(true).start();
            done.getInputStream().readAllBytes();
            Await.inRealTime().until(String.join(" ", command), () -> !done.isAlive());
            return done.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(atExit);
        tearDown();
    }

    private void tearDown() {
        for (Machine machine : machines) {
            machine.process().destroy();
        }
        for (Machine machine : machines) {
            try {
                Await.inRealTime()
                        .until("the engine has ended", () -> !machine.process().isAlive());
            } catch (AssertionError late) {
                machine.process().destroyForcibly();
            }
        }
        // what they have started carries the directory, which is nobody else's, in its command line
        ProcessHandle.allProcesses()
                .filter(one -> one.info().commandLine().orElse("").contains(directory + "/"))
                .forEach(ProcessHandle::destroyForcibly);
        for (String mount : mounts()) {
            boolean unused = succeeds("umount", "-l", mount);
        }
        for (int number = 1; number <= 2; number++) {
            boolean unusedLink = succeeds("ip", "link", "del", prefix + "v" + number);
            boolean unusedNamespace = succeeds("ip", "netns", "del", prefix + "n" + number);
        }
        boolean unusedBridge = succeeds("ip", "link", "del", prefix);
        boolean unusedDirectory = succeeds("rm", "-rf", directory.toString());
    }

    private List<String> mounts() {
        try (Stream<String> mounts = Files.lines(Path.of("/proc/mounts"))) {
            return mounts.map(line -> line.split(" ", -1)[1])
                    .filter(mount -> mount.startsWith(directory + "/"))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
