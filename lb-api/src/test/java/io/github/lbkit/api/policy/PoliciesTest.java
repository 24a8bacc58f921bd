package io.github.lbkit.api.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Policy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoliciesTest {
    @TempDir
    @Nullable
    Path directory;

    @Test
    void core_policies_are_found_by_name() {
        assertThat(Policies.named("round-robin", Map.of())).isInstanceOf(RoundRobin.class);
        assertThat(Policies.named("least-requests", Map.of())).isInstanceOf(LeastRequests.class);
        assertThat(Policies.named("random", Map.of())).isInstanceOf(RandomChoice.class);
        Policies.names()
                .keySet()
                .forEach(name ->
                        assertThat(Policies.named(name, Map.of()).name()).isEqualTo(name));
    }

    @Test
    void an_unknown_name_is_refused_with_what_is_allowed() {
        assertThatThrownBy(() -> Policies.named("fastest", Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'fastest'")
                .hasMessageContaining("least-requests, random, round-robin");
    }

    @Test
    void an_unknown_option_is_refused() {
        assertThatThrownBy(() -> Policies.named("random", Map.of("seed", "1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'random'")
                .hasMessageContaining("'seed'")
                .hasMessageContaining("it has none");
    }

    @Test
    void the_class_path_has_the_provider_too() throws IOException {
        try (InputStream services = CorePolicies.class.getResourceAsStream(
                "/META-INF/services/io.github.lbkit.api.policy.PolicyProvider")) {
            assertThat(services).isNotNull();
            assertThat(new String(services.readAllBytes(), StandardCharsets.UTF_8).strip())
                    .isEqualTo(CorePolicies.class.getName());
        }
    }

    @Test
    void a_provider_that_is_broken_stops_no_other() throws IOException {
        Path services = providers("no.such.Provider", Throwing.class.getName(), Working.class.getName());

        Policy policy = withContextLoader(services, () -> Policies.named("working", Map.of("speed", "3")));
        Policy core = withContextLoader(services, () -> Policies.named("random", Map.of()));

        assertThat(policy).isInstanceOf(RandomChoice.class);
        assertThat(core).isInstanceOf(RandomChoice.class);
    }

    @Test
    void allowed_options_are_named() throws IOException {
        Path services = providers(Working.class.getName());

        assertThatThrownBy(() -> withContextLoader(services, () -> Policies.named("working", Map.of("sped", "3"))))
                .hasMessageContaining("'sped'")
                .hasMessageContaining("[speed]");
    }

    @Test
    void without_a_context_loader_the_librarys_own_is_enough() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(null);
        try {
            assertThat(Policies.named("random", Map.of())).isInstanceOf(RandomChoice.class);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private Path providers(String... classes) throws IOException {
        if (directory == null) {
            throw new IllegalStateException("JUnit gives the directory");
        }
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.write(services.resolve(PolicyProvider.class.getName()), List.of(classes));
        return directory;
    }

    private static <T> T withContextLoader(Path directory, Supplier<T> action) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader = new CopyingLoader(directory)) {
            thread.setContextClassLoader(loader);
            return action.get();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Loads this test's providers itself, as classes of no module; a service file names no others on a module path. */
    private static final class CopyingLoader extends URLClassLoader {
        CopyingLoader(Path directory) throws IOException {
            super(new URL[] {directory.toUri().toURL()}, PoliciesTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(PoliciesTest.class.getName() + "$")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : copy(name);
            }
        }

        private Class<?> copy(String name) throws ClassNotFoundException {
            String file = name.substring(name.lastIndexOf('.') + 1) + ".class";
            try (InputStream in = PoliciesTest.class.getResourceAsStream(file)) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    /** Found through the class path alone. */
    public static final class Working implements PolicyProvider {
        @Override
        public Map<String, Set<String>> names() {
            return Map.of("working", Set.of("speed"));
        }

        @Override
        public Policy policy(String name, Map<String, String> options) {
            return new RandomChoice();
        }
    }

    /** Cannot be made. */
    public static final class Throwing implements PolicyProvider {
        public Throwing() {
            throw new IllegalStateException("broken on purpose");
        }

        @Override
        public Map<String, Set<String>> names() {
            return Map.of();
        }

        @Override
        public Policy policy(String name, Map<String, String> options) {
            throw new IllegalStateException("broken on purpose");
        }
    }
}
