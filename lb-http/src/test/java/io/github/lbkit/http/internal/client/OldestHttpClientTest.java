package io.github.lbkit.http.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The oldest HttpComponents that lb-http links against, HttpClient 5.5.2 with HttpCore 5.3.6: the versions that the
 * parents of Spring Boot 3.5 and 4.0 impose. The build copies them to target/oldest.
 */
class OldestHttpClientTest {
    private static final String HTTP_COMPONENTS = "org.apache.hc.";

    @Test
    void every_member_of_http_components_that_is_named_exists_in_the_oldest_version() throws IOException {
        JavaClasses ours = new ClassFileImporter().importPath(Path.of("target", "classes"));
        Set<String> missing = new TreeSet<>();
        int looked = 0;
        try (URLClassLoader oldest = oldest()) {
            for (JavaClass our : ours) {
                for (JavaAccess<?> access : accesses(our)) {
                    if (access.getTargetOwner().getName().startsWith(HTTP_COMPONENTS)) {
                        looked++;
                        if (!exists(access, oldest)) {
                            missing.add(access.getDescription());
                        }
                    }
                }
            }
        }

        assertThat(looked).as("accesses to HttpComponents").isGreaterThan(150);
        assertThat(missing).isEmpty();
    }

    private static List<JavaAccess<?>> accesses(JavaClass our) {
        List<JavaAccess<?>> all = new ArrayList<>(our.getAccessesFromSelf());
        all.addAll(our.getCodeUnitReferencesFromSelf());
        return all;
    }

    private static URLClassLoader oldest() throws IOException {
        List<URL> jars = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(Path.of("target", "oldest"), "*.jar")) {
            for (Path jar : found) {
                jars.add(jar.toUri().toURL());
            }
        }
        assertThat(jars).as("jars of target/oldest").hasSize(3);
        // slf4j from the parent, and HttpComponents from the jars alone
        ClassLoader parent = new ClassLoader(OldestHttpClientTest.class.getClassLoader()) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                if (name.startsWith(HTTP_COMPONENTS)) {
                    throw new ClassNotFoundException(name);
                }
                return super.loadClass(name, resolve);
            }
        };
        return new URLClassLoader(jars.toArray(URL[]::new), parent);
    }

    /** Looks for the member as the JVM links it: by owner, name and exact types. */
    private static boolean exists(JavaAccess<?> access, ClassLoader oldest) {
        String name = access.getTarget().getName();
        try {
            Class<?> owner = Class.forName(access.getTargetOwner().getName(), false, oldest);
            if (!(access.getTarget() instanceof CodeUnitAccessTarget target)) {
                return owner.getField(name).getName().equals(name);
            }
            List<String> parameters = target.getRawParameterTypes().stream()
                    .map(JavaClass::getName)
                    .toList();
            if (name.equals("<init>")) {
                return Arrays.stream(owner.getDeclaredConstructors())
                        .anyMatch(c -> names(c.getParameterTypes()).equals(parameters));
            }
            String returned = target.getRawReturnType().getName();
            return methods(owner)
                    .anyMatch(m -> m.getName().equals(name)
                            && m.getReturnType().getName().equals(returned)
                            && names(m.getParameterTypes()).equals(parameters));
        } catch (ClassNotFoundException | NoSuchFieldException e) {
            return false;
        }
    }

    /** Those of interfaces, and those of superclasses, protected too. */
    private static Stream<Method> methods(Class<?> owner) {
        Stream<Method> found = Arrays.stream(owner.getMethods());
        for (Class<?> at = owner; at != null; at = at.getSuperclass()) {
            found = Stream.concat(found, Arrays.stream(at.getDeclaredMethods()));
        }
        return found;
    }

    private static List<String> names(Class<?>[] types) {
        return Arrays.stream(types).map(Class::getName).toList();
    }
}
