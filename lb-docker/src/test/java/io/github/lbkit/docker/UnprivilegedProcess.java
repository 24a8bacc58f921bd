package io.github.lbkit.docker;

import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.pool.supervised.SupervisedOptions;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.docker.real.RealEngine;
import io.github.lbkit.docker.real.TestImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/**
 * A process of a user who is not root, with a pool on an engine. It prints what it observes line by line, until its
 * input ends. This class is both the process and the test's handle of it.
 */
final class UnprivilegedProcess implements AutoCloseable {
    private static final String NOBODY = "65534";

    private final Process process;
    private final List<String> said = new CopyOnWriteArrayList<>();

    /** Opens a pool of one server on the engine behind this address. */
    UnprivilegedProcess(String engine) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "setpriv",
                "--reuid=" + NOBODY,
                "--regid=" + NOBODY,
                "--clear-groups",
                // it reads the jars of whoever runs the tests; a socket needs the right to write
                "--inh-caps=+dac_read_search",
                "--ambient-caps=+dac_read_search",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath(),
                UnprivilegedProcess.class.getName()));
        command.addAll(List.of(engine, TestImage.NAME, RealEngine.RUN));
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Thread reader = new Thread(this::listen, "unprivileged-process");
        reader.setDaemon(true);
        reader.start();
    }

    private static String classPath() {
        String[] both = {System.getProperty("jdk.module.path", ""), System.getProperty("java.class.path", "")};
        return String.join(
                ":",
                Stream.concat(
                                Stream.of(Path.of("target", "test-classes")
                                        .toAbsolutePath()
                                        .toString()),
                                Arrays.stream(both).filter(path -> !path.isEmpty()))
                        .toList());
    }

    private void listen() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line; (line = lines.readLine()) != null; ) {
                said.add(line);
            }
        } catch (IOException ended) {
            said.add("its output ended: " + ended.getMessage());
        }
    }

    /** All that it has said. */
    List<String> said() {
        return said;
    }

    /** Whether it has said such a line. */
    boolean hasSaid(String begin) {
        return said.stream().anyMatch(line -> line.startsWith(begin));
    }

    boolean hasEnded() {
        return !process.isAlive();
    }

    /** Ends its input, so that it closes its pool and ends. */
    void endInput() throws IOException {
        process.getOutputStream().close();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** Takes the engine's address, the image, and the label of the test's run. */
    public static void main(String[] arguments) throws Exception {
        DockerOptions options = DockerOptions.image(arguments[1], TestImage.PORT)
                .engine(arguments[0])
                .network("bridge")
                .label(RealEngine.RUN_LABEL, arguments[2])
                .build();
        PoolContext context = new PoolContext("unprivileged-process", Runtimes.system(), Path.of("unused"));
        try (DockerServerPool pool = DockerServerPool.open(
                context, options, SupervisedOptions.builder().servers(1).build())) {
            var unusedSubscription =
                    pool.subscribe(membership -> System.out.println("states " + FakeEngines.states(membership)));
            var unused = pool.ready().toCompletableFuture().get();
            try {
                System.out.println("added "
                        + pool.add(1, List.of("A")).toCompletableFuture().get().desired());
            } catch (ExecutionException e) {
                System.out.println("refused " + String.valueOf(e.getCause()));
            }
            while (System.in.read() >= 0) {
                // what it is told means nothing
            }
        }
    }
}
