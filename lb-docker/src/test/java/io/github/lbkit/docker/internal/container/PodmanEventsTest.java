package io.github.lbkit.docker.internal.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.docker.internal.engine.EngineEvent;
import io.github.lbkit.docker.internal.engine.Json;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The events and lists that Podman 4.3.1 sends through its Docker API, converted to Docker's terms.
 */
class PodmanEventsTest {
    private static EngineEvent event(String type, String action) throws IOException {
        return EngineEvent.of(
                Json.parse("{\"Type\":\"" + type + "\",\"Action\":\"" + action + "\",\"Actor\":{\"ID\":\"c\","
                        + "\"Attributes\":{\"containerExitCode\":\"137\",\"lbkit.id\":\"S\"}},\"scope\":\"local\"}"));
    }

    @ParameterizedTest
    @CsvSource({"died,die", "die,die", "remove,destroy", "destroy,destroy", "start,start", "health_status,health_status"
    })
    void actions_of_containers_have_dockers_names(String said, String meant) throws IOException {
        assertThat(event("container", said).action()).isEqualTo(meant);
    }

    @Test
    void actions_of_others_stay() throws IOException {
        assertThat(event("image", "remove").action()).isEqualTo("remove");
    }

    @Test
    void the_exit_code_has_dockers_name() throws IOException {
        assertThat(event("container", "died").attributes()).containsEntry("exitCode", "137");
    }

    @Test
    void a_filter_asks_for_the_names_of_both() {
        String filter = LauncherEvents.filters("p").at("event").toString();

        assertThat(List.of("die", "died", "destroy", "remove", "health_status", "kill"))
                .allMatch(action -> filter.contains("\"" + action + "\""));
    }

    @Test
    void a_health_that_is_empty_is_no_health_check() throws IOException {
        String none = "{\"State\":{\"Health\":{\"Status\":\"\",\"FailingStreak\":0,\"Log\":null}}}";

        assertThat(Container.inspectedHealth(Json.parse(none))).isEmpty();
        assertThat(Container.inspectedHealth(Json.parse("{\"State\":{}}"))).isEmpty();
        assertThat(Container.inspectedHealth(Json.parse(none.replace("\"\"", "\"starting\""))))
                .isEqualTo("starting");
    }
}
