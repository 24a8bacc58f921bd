package io.github.lbkit.bench.chaos;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A program that runs good clients against {@code serve} at {@code -Xmx64m}, first alone, then together with bad
 * clients and bad servers: {@code ChaosRun JAR [REQUESTS [SEED]]}. It prints the number of failed idempotent requests,
 * the response times of both runs, and the resources of the process before, during and after each run. The exit status
 * is 1 if a request of a good client failed.
 */
public final class ChaosRun {
    private static final int GOOD_SERVERS = 3;
    private static final int BAD_SERVERS = 2;
    private static final int GOOD_CLIENTS = 16;
    private static final int BAD_CLIENTS = 24;
    private static final int SETTLED_SECONDS = 40;

    private ChaosRun() {}

    /** Runs both phases. */
    public static void main(String[] args) throws IOException, InterruptedException, ExecutionException {
        String jar = args[0];
        int requests = args.length > 1 ? Integer.parseInt(args[1]) : 1_000_000;
        long seed = args.length > 2 ? Long.parseLong(args[2]) : 1;
        int failed = run("good clients alone", jar, requests / 5, seed, 0, 0);
        failed += run("with bad clients and servers", jar, requests, seed, BAD_SERVERS, BAD_CLIENTS);
        System.exit(failed == 0 ? 0 : 1);
    }

    private static int run(String name, String jar, int requests, long seed, int badServers, int badClients)
            throws IOException, InterruptedException, ExecutionException {
        List<ChaosServer> servers = new ArrayList<>();
        for (int i = 0; i < GOOD_SERVERS + badServers; i++) {
            servers.add(new ChaosServer(i >= GOOD_SERVERS, seed + i));
        }
        String pool = servers.stream()
                .map(server -> "http://127.0.0.1:" + server.port())
                .collect(Collectors.joining(",", "static:", ""));
        Process balancer = start(jar, pool);
        try (BufferedReader out =
                new BufferedReader(new java.io.InputStreamReader(balancer.getInputStream(), StandardCharsets.UTF_8))) {
            int port = port(out.readLine());
            long warm = requests(port, 20_000).failures();
            String before = resources(balancer);
            List<BadClient> badClientList = startBadClients(port, badClients, seed);
            Outcome outcome = requests(port, requests);
            String during = resources(balancer);
            badClientList.forEach(BadClient::stop);
            TimeUnit.SECONDS.sleep(SETTLED_SECONDS);
            System.out.printf(
                    "%s: %,d requests, %d failed (%d during warm-up); ms %s%n",
                    name, requests, outcome.failures(), warm, outcome.times());
            outcome.reasons().forEach((reason, count) -> System.out.println("  failed " + count + " x " + reason));
            System.out.printf(
                    "  before %s; during %s; %d s after %s%n", before, during, SETTLED_SECONDS, resources(balancer));
            return outcome.failures();
        } finally {
            balancer.destroy();
            balancer.waitFor();
            for (ChaosServer server : servers) {
                server.close();
            }
        }
    }

    private static Process start(String jar, String pool) throws IOException {
        Path state = Files.createTempDirectory("chaos");
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-jar",
                        jar,
                        "serve",
                        "--listen",
                        "127.0.0.1:0",
                        "--admin",
                        "off",
                        "--pool",
                        pool,
                        "--policy",
                        "round-robin",
                        "--retry-statuses",
                        "503",
                        "--response-timeout",
                        "2000",
                        "--request-body-timeout",
                        "2000",
                        "--write-timeout",
                        "2000",
                        "--state-dir",
                        state.toString())
                .redirectError(new File("chaos-serve.log"))
                .start();
    }

    private static int port(String ready) {
        int at = ready.indexOf("127.0.0.1:") + 10;
        return Integer.parseInt(ready.substring(at).replaceAll("\\D.*", ""));
    }

    private static List<BadClient> startBadClients(int port, int count, long seed) {
        SplittableRandom seeds = new SplittableRandom(seed);
        List<BadClient> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            BadClient client = new BadClient(port, seeds.split());
            all.add(client);
            ChaosServer.start("chaos-bad-client", client);
        }
        return all;
    }

    private record Outcome(int failures, Map<String, Long> reasons, String times) {}

    private static Outcome requests(int port, int requests) throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(GOOD_CLIENTS);
        try {
            List<Future<GoodClient.Result>> running = new ArrayList<>();
            for (int i = 0; i < GOOD_CLIENTS; i++) {
                running.add(threads.submit(new GoodClient(port, requests / GOOD_CLIENTS)));
            }
            List<Long> nanos = new ArrayList<>();
            Map<String, Long> reasons = new TreeMap<>();
            for (Future<GoodClient.Result> one : running) {
                nanos.addAll(one.get().nanos());
                one.get().failures().forEach(failure -> reasons.merge(failure, 1L, Long::sum));
            }
            long[] all = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
            String times = IntStream.of(500, 900, 990, 999)
                    .mapToObj(p ->
                            String.format("p%.1f %.2f", p / 10.0, all[(int) ((long) all.length * p / 1000)] / 1e6))
                    .collect(Collectors.joining(", "));
            int failures = reasons.values().stream().mapToInt(Long::intValue).sum();
            return new Outcome(failures, reasons, times);
        } finally {
            threads.shutdown();
        }
    }

    /** Returns the resources of a process: resident memory, open files, threads. */
    private static String resources(Process process) throws IOException {
        Path proc = Path.of("/proc", String.valueOf(process.pid()));
        Map<String, String> status = Files.readAllLines(proc.resolve("status")).stream()
                .map(line -> line.split(":\\s*", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1], (a, b) -> a));
        try (Stream<Path> files = Files.list(proc.resolve("fd"))) {
            return status.get("VmRSS") + ", " + files.count() + " files, " + status.get("Threads") + " threads";
        }
    }
}
