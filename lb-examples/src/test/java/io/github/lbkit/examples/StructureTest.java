package io.github.lbkit.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The size of packages, the circles of dependencies among packages and among classes, and the names of classes, in
 * every module.
 */
@AnalyzeClasses(packages = "io.github.lbkit", importOptions = ImportOption.DoNotIncludeTests.class)
class StructureTest {
    private static final int MOST_FILES = 30;
    private static final int LARGEST_GROUP = 5;

    /** The contracts of lb-api, which refer to each other: they count as one package in the search for circles. */
    private static final Set<String> CONTRACTS = Set.of(
            "io.github.lbkit.api",
            "io.github.lbkit.api.explain",
            "io.github.lbkit.api.health",
            "io.github.lbkit.api.runtime");

    @ArchTest
    static void a_package_has_at_most_30_files(JavaClasses classes) {
        Map<String, Long> files = classes.stream()
                .filter(type ->
                        !type.getName().contains("$") && !type.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));

        assertThat(files.entrySet())
                .as("a package is a room that a reader can survey")
                .isNotEmpty()
                .allMatch(each -> each.getValue() <= MOST_FILES);
    }

    /** Counts source files, because the tests of other modules are not on the class path. */
    @ArchTest
    static void a_package_of_tests_has_at_most_30_files(JavaClasses unused) throws IOException {
        List<Path> roots;
        try (Stream<Path> modules = Files.list(Path.of(".."))) {
            roots = modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .toList();
        }
        Map<Path, Long> files = new HashMap<>();
        for (Path root : roots) {
            try (Stream<Path> sources = Files.walk(root)) {
                sources.filter(source -> source.toString().endsWith(".java"))
                        .forEach(source -> files.merge(Objects.requireNonNull(source.getParent()), 1L, Long::sum));
            }
        }

        assertThat(files.entrySet())
                .as("a package of tests is a room too")
                .isNotEmpty()
                .allMatch(each -> each.getValue() <= MOST_FILES);
    }

    /**
     * Public packages form no circle among themselves, nor do internal packages. A public class may delegate to an internal
     * package, which uses the contracts of the public one: this direction is left out.
     */
    @ArchTest
    static void packages_form_no_circle(JavaClasses classes) {
        ClassGraph packages = new ClassGraph(
                classes,
                type -> CONTRACTS.contains(type.getPackageName()) ? "contracts" : type.getPackageName(),
                (origin, target) -> isPackageInfo(origin) || (!isInternal(origin) && isInternal(target)));

        assertThat(packages.groups()).as("packages that depend on each other").isEmpty();
    }

    @ArchTest
    static void at_most_5_classes_depend_on_each_other(JavaClasses classes) {
        List<Set<String>> groups = new ClassGraph(classes, ClassGraph::topLevel, (origin, target) -> false).groups();

        assertThat(groups)
                .as("classes of which none can be understood without the others")
                .allMatch(group -> group.size() <= LARGEST_GROUP);
    }

    @ArchTest
    static void no_two_top_level_classes_have_one_simple_name(JavaClasses classes) {
        Map<String, Set<String>> bySimpleName = classes.stream()
                .filter(type -> !type.getName().contains("$") && !isPackageInfo(type))
                .collect(Collectors.groupingBy(
                        JavaClass::getSimpleName, Collectors.mapping(JavaClass::getName, Collectors.toSet())));

        assertThat(bySimpleName)
                .as("a name means one thing in all modules")
                .isNotEmpty()
                .allSatisfy((simpleName, names) -> assertThat(names).hasSize(1));
    }

    private static boolean isInternal(JavaClass type) {
        return type.getPackageName().contains(".internal");
    }

    private static boolean isPackageInfo(JavaClass type) {
        return type.getSimpleName().equals("package-info");
    }
}
