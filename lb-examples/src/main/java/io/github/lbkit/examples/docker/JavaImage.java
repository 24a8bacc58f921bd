package io.github.lbkit.examples.docker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The build directory for an image of this program, which needs no registry. It contains a runtime that {@code jlink}
 * makes from the running JDK, the native libraries of that runtime, a class archive for a fast start, and the jar.
 * Immutable.
 */
final class JavaImage {
    private static final List<String> MODULES = List.of("java.base", "java.logging", "java.naming");
    private static final Pattern LIBRARY = Pattern.compile("(?:=> )?(/\\S+) \\(0x");
    private static final String ALTERNATIVE =
            "; build the image with Docker instead: docker build -t IMAGE -f lb-examples/docker/Dockerfile ., and use"
                    + " --pool 'docker:IMAGE?port=5000&probe-path=/heartbeat&env=SERVER_ID={id}'";

    private static final String DOCKERFILE = """
            FROM scratch
            COPY rootfs/ /
            USER 1000:1000
            EXPOSE 5000
            ENTRYPOINT ["/jre/bin/java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx32m", \
            "-XX:-UsePerfData", "-cp", "/lbkit.jar", "io.github.lbkit.examples.demo.ContainerServer"]
            """;

    private final Path jar;
    private final Path javaHome;

    private JavaImage(Path jar, Path javaHome) {
        this.jar = jar;
        this.javaHome = javaHome;
    }

    /**
     * Returns the image of the running program.
     *
     * @throws IllegalArgumentException if the image cannot be built on this machine; the message has the reason and an
     *     alternative
     */
    static JavaImage ofThisProgram() {
        Path jar = Path.of(System.getProperty("java.class.path"));
        Path javaHome = Path.of(System.getProperty("java.home"));
        if (!jar.toString().endsWith(".jar") || !Files.isRegularFile(jar)) {
            throw new IllegalArgumentException("the demo image is built from lbkit.jar, but this program runs from "
                    + jar + ": start it with java -jar lbkit.jar");
        } else if (!System.getProperty("os.name").equals("Linux")) {
            throw new IllegalArgumentException("the demo image contains the Java of this machine, which is for "
                    + System.getProperty("os.name") + " and not for Linux" + ALTERNATIVE);
        } else if (!Files.isExecutable(javaHome.resolve("bin/jlink"))
                || !Files.isDirectory(javaHome.resolve("jmods"))) {
            throw new IllegalArgumentException("the demo image contains a part of the Java of this machine, which needs"
                    + " a JDK, but " + javaHome + " has no jlink" + ALTERNATIVE);
        }
        return new JavaImage(jar, javaHome);
    }

    /** Returns a hash of the content: equal for the same program on the same Java. */
    String hash() throws IOException {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(Files.readAllBytes(jar));
            sha.update((DOCKERFILE + MODULES + System.getProperty("java.vm.version")).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha.digest(), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Writes the build directory. */
    void write(Path directory, Consumer<String> progress) throws IOException, InterruptedException {
        Path root = Files.createDirectories(directory.resolve("rootfs"));
        Path runtime = root.resolve("jre");
        progress.accept("building a small Java runtime from " + javaHome);
        run(List.of(
                javaHome.resolve("bin/jlink").toString(),
                "--add-modules",
                String.join(",", MODULES),
                "--strip-debug",
                "--no-header-files",
                "--no-man-pages",
                "--output",
                runtime.toString()));
        progress.accept("adding the native libraries of the runtime");
        for (Path library : libraries(runtime)) {
            Path copy = root.resolve(library.toString().substring(1));
            Files.createDirectories(copy.getParent());
            Files.copy(library, copy);
        }
        run(List.of(runtime.resolve("bin/java").toString(), "-Xshare:dump"));
        Files.createDirectories(root.resolve("etc"));
        Files.writeString(root.resolve("etc/passwd"), "app:x:1000:1000::/:\n");
        Files.writeString(root.resolve("etc/nsswitch.conf"), "hosts: files dns\n");
        Files.createDirectories(root.resolve("tmp"));
        Files.setAttribute(root.resolve("tmp"), "unix:mode", 01777);
        Files.copy(jar, root.resolve("lbkit.jar"));
        Files.writeString(directory.resolve("Dockerfile"), DOCKERFILE);
    }

    /** Returns the libraries outside of the runtime to which its programs and libraries are linked. */
    private static Set<Path> libraries(Path runtime) throws IOException, InterruptedException {
        List<Path> binaries;
        try (Stream<Path> walk = Files.walk(runtime)) {
            binaries = walk.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(".so") || file.startsWith(runtime.resolve("bin")))
                    .toList();
        }
        Set<Path> libraries = new TreeSet<>();
        for (Path binary : binaries) {
            Matcher line = LIBRARY.matcher(run(List.of("ldd", binary.toString())));
            while (line.find()) {
                Path library = Path.of(line.group(1));
                if (!library.startsWith(runtime)) {
                    libraries.add(library);
                }
            }
        }
        for (Path library : List.copyOf(libraries)) {
            if (library.getFileName().toString().startsWith("libc.so")) {
                for (String name : List.of("libnss_files.so.2", "libnss_dns.so.2", "libresolv.so.2")) {
                    Path beside = library.resolveSibling(name);
                    if (Files.exists(beside)) {
                        libraries.add(beside); // loaded at run time for the look-up of host names
                    }
                }
            }
        }
        return libraries;
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new IOException(command.get(0) + " cannot be run: " + e.getMessage() + ALTERNATIVE, e);
        }
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        // ldd fails for a program without libraries
        if (status != 0 && !command.get(0).equals("ldd")) {
            throw new IOException(String.join(" ", command) + " failed: " + output.strip() + ALTERNATIVE);
        }
        return output;
    }
}
