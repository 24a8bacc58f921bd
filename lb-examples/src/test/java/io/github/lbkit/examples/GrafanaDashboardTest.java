package io.github.lbkit.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.examples.json.JsonTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The dashboard for Grafana is one by the rules of Grafana's classic model of dashboards. That its queries name metrics
 * that exist is tested beside the page of metrics.
 */
class GrafanaDashboardTest {
    private static final Path FILE = Path.of("..", "docs", "grafana", "lbkit.json");
    private static final int COLUMNS = 24;
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([a-z]+)");
    private static final Map<?, ?> PROMETHEUS = Map.of("type", "prometheus", "uid", "${source}");

    private final Map<?, ?> dashboard = (Map<?, ?>) JsonTree.read(Files.readString(FILE));

    GrafanaDashboardTest() throws IOException {}

    private static Object at(Map<?, ?> object, String name) {
        return Objects.requireNonNull(object.get(name), () -> name + " in " + object);
    }

    private static List<Map<?, ?>> list(Map<?, ?> object, String name) {
        List<Map<?, ?>> list = new ArrayList<>();
        for (Object one : (List<?>) at(object, name)) {
            list.add((Map<?, ?>) one);
        }
        return list;
    }

    private static int number(Map<?, ?> object, String name) {
        return Integer.parseInt(String.valueOf(at(object, name)));
    }

    private List<Map<?, ?>> panels() {
        return list(dashboard, "panels");
    }

    @Test
    void it_can_be_imported_as_it_is() {
        assertThat(String.valueOf(at(dashboard, "title"))).isNotBlank();
        assertThat(String.valueOf(at(dashboard, "uid"))).matches("[a-zA-Z0-9_-]{1,40}");
        assertThat(number(dashboard, "schemaVersion")).isGreaterThanOrEqualTo(36);
        assertThat((Map<?, ?>) at(dashboard, "time")).isEqualTo(Map.of("from", "now-1h", "to", "now"));
        assertThat(String.valueOf(at(dashboard, "refresh"))).matches("[1-9][0-9]*[smh]");
        assertThat(dashboard.containsKey("id"))
                .as("an id belongs to one Grafana")
                .isFalse();
        assertThat(dashboard.containsKey("__inputs"))
                .as("asks nothing at import")
                .isFalse();
    }

    @Test
    void its_data_source_is_chosen_by_a_variable_and_every_variable_in_use_exists() throws IOException {
        Set<String> declared = new HashSet<>();
        for (Map<?, ?> variable : list((Map<?, ?>) at(dashboard, "templating"), "list")) {
            declared.add(String.valueOf(at(variable, "name")));
            assertThat(String.valueOf(at(variable, "label"))).isNotBlank();
            if (at(variable, "name").equals("source")) {
                assertThat(at(variable, "type")).isEqualTo("datasource");
                assertThat(at(variable, "query")).isEqualTo("prometheus");
            } else {
                assertThat(at(variable, "type")).isEqualTo("query");
                assertThat(at(variable, "datasource")).isEqualTo(PROMETHEUS);
            }
        }
        Set<String> used = new HashSet<>();
        VARIABLE.matcher(Files.readString(FILE)).results().forEach(use -> used.add(use.group(1)));

        assertThat(used).isEqualTo(declared).containsExactlyInAnyOrder("source", "pool", "balancer");
    }

    @Test
    void every_panel_asks_the_data_source_and_says_what_it_shows() {
        Set<Integer> ids = new HashSet<>();
        for (Map<?, ?> panel : panels()) {
            assertThat(ids.add(number(panel, "id"))).as("another id: %s", panel).isTrue();
            assertThat(String.valueOf(at(panel, "type"))).isIn("stat", "timeseries");
            assertThat(String.valueOf(at(panel, "title"))).isNotBlank();
            assertThat(String.valueOf(at(panel, "description")))
                    .as("%s", panel.get("title"))
                    .isNotBlank();
            assertThat(at(panel, "datasource")).isEqualTo(PROMETHEUS);
            Map<?, ?> defaults = (Map<?, ?>) at((Map<?, ?>) at(panel, "fieldConfig"), "defaults");
            assertThat(String.valueOf(at(defaults, "unit"))).isNotBlank();
            Set<Object> references = new HashSet<>();
            for (Map<?, ?> target : list(panel, "targets")) {
                assertThat(references.add(at(target, "refId")))
                        .as("another refId: %s", target)
                        .isTrue();
                assertThat(String.valueOf(at(target, "expr"))).contains("lbkit_");
                assertThat(String.valueOf(at(target, "legendFormat"))).isNotBlank();
                assertThat(at(target, "datasource")).isEqualTo(PROMETHEUS);
            }
            assertThat(references).isNotEmpty();
        }
    }

    @Test
    void no_panel_lies_over_another_or_outside_of_the_page() {
        Set<String> taken = new HashSet<>();
        int bottom = 0;
        for (Map<?, ?> panel : panels()) {
            Map<?, ?> place = (Map<?, ?>) at(panel, "gridPos");
            int left = number(place, "x");
            int top = number(place, "y");
            assertThat(number(place, "w")).isPositive();
            assertThat(number(place, "h")).isPositive();
            assertThat(left + number(place, "w")).isLessThanOrEqualTo(COLUMNS);
            bottom = Math.max(bottom, top + number(place, "h"));
            for (int x = left; x < left + number(place, "w"); x++) {
                for (int y = top; y < top + number(place, "h"); y++) {
                    assertThat(taken.add(x + "," + y))
                            .as("%s", panel.get("title"))
                            .isTrue();
                }
            }
        }
        assertThat(taken).as("no gap").hasSize(COLUMNS * bottom);
    }
}
