package io.github.lbkit.examples;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * Which top-level classes, or which packages, depend on which; nested classes belong to their top-level class. Finds groups in
 * which everything depends on everything else, directly or not, by Tarjan's algorithm (SIAM Journal on Computing 1, 1972).
 */
final class ClassGraph {
    private final Map<String, Set<String>> edges = new TreeMap<>();

    /**
     * Builds the graph.
     *
     * @param node the node that a class belongs to
     * @param ignored dependencies that are left out: origin and target
     */
    ClassGraph(
            Iterable<JavaClass> classes, Function<JavaClass, String> node, BiPredicate<JavaClass, JavaClass> ignored) {
        for (JavaClass origin : classes) {
            Set<String> targets = edges.computeIfAbsent(node.apply(origin), name -> new TreeSet<>());
            origin.getDirectDependenciesFromSelf().forEach(dependency -> {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                if (!node.apply(origin).equals(node.apply(target)) && !ignored.test(origin, target)) {
                    targets.add(node.apply(target));
                }
            });
        }
        edges.values().forEach(targets -> targets.retainAll(edges.keySet()));
    }

    /** The name of the top-level class that a class belongs to. */
    static String topLevel(JavaClass type) {
        String name = type.getName();
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    /** Returns the groups of more than one node, each in the order of names. */
    List<Set<String>> groups() {
        Search search = new Search();
        edges.keySet().forEach(search::visit);
        return search.groups;
    }

    private final class Search {
        private final Map<String, Integer> index = new HashMap<>();
        private final Map<String, Integer> lowest = new HashMap<>();
        private final Deque<String> path = new ArrayDeque<>();
        private final Set<String> onPath = new HashSet<>();
        private final List<Set<String>> groups = new ArrayList<>();

        private void visit(String node) {
            if (index.containsKey(node)) {
                return;
            }
            index.put(node, index.size());
            lowest.put(node, index.get(node));
            path.push(node);
            onPath.add(node);
            for (String target : edges.getOrDefault(node, Set.of())) {
                if (!index.containsKey(target)) {
                    visit(target);
                    lowest.merge(node, lowest.get(target), Math::min);
                } else if (onPath.contains(target)) {
                    lowest.merge(node, index.get(target), Math::min);
                }
            }
            if (lowest.get(node).equals(index.get(node))) {
                leave(node);
            }
        }

        private void leave(String root) {
            Set<String> group = new TreeSet<>();
            String node;
            do {
                node = path.pop();
                onPath.remove(node);
                group.add(node);
            } while (!node.equals(root));
            if (group.size() > 1) {
                groups.add(group);
            }
        }
    }
}
