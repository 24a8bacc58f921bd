package io.github.lbkit.examples.serve.endpoint.reserved;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Server;
import io.github.lbkit.examples.testing.RawHttp;
import io.github.lbkit.examples.testing.RunningBalancer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the balancer answers, to the letter, on one balancer with real server processes that no test here changes. */
class AssignmentContractTest {
    @TempDir
    static Path state;

    private static RunningBalancer running;

    @BeforeAll
    static void start() throws Exception {
        running = new RunningBalancer(state, "--max-servers", "5");
    }

    @AfterAll
    static void stop() {
        running.close();
    }

    private static RawHttp change(String method, String target, String body) throws Exception {
        RawHttp response = RawHttp.json(running.traffic, method, target, body);
        assertThat(running.get("/rep").body())
                .as("a refused or planned change changes nothing")
                .isEqualTo("{\"message\":{\"N\":3,\"replicas\":[\"Server 1\",\"Server 2\",\"Server 3\"]},"
                        + "\"status\":\"successful\"}");
        return response;
    }

    @Test
    void home_says_which_server_answered_and_all_three_do() throws Exception {
        List<String> bodies = IntStream.range(0, 60)
                .mapToObj(i -> {
                    try {
                        return running.get("/home").body();
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                })
                .distinct()
                .sorted()
                .toList();

        assertThat(bodies)
                .containsExactly(
                        "{\"message\":\"Hello from Server: Server 1\",\"status\":\"successful\"}",
                        "{\"message\":\"Hello from Server: Server 2\",\"status\":\"successful\"}",
                        "{\"message\":\"Hello from Server: Server 3\",\"status\":\"successful\"}");
    }

    @Test
    void heartbeat_and_hello_come_from_a_server() throws Exception {
        assertThat(running.get("/heartbeat").body())
                .isEqualTo("{\"message\":\"Heart beating ~^~\",\"status\":\"successful\"}");
        assertThat(running.get("/hello").body()).matches("\\{\"Hello world\":\"Hello from server Server [123]\"}");
    }

    @Test
    void rep_lists_the_desired_servers_in_order_of_joining() throws Exception {
        RawHttp rep = running.get("/rep");

        assertThat(rep.status()).isEqualTo(200);
        assertThat(rep.body())
                .isEqualTo("{\"message\":{\"N\":3,\"replicas\":[\"Server 1\",\"Server 2\",\"Server 3\"]},"
                        + "\"status\":\"successful\"}");
        assertThat(rep.field("Content-Type")).startsWith("application/json");
    }

    @Test
    void verbose_rep_tells_state_instance_generation_and_address() throws Exception {
        String body = running.get("/rep?verbose=true").body();

        assertThat(body)
                .contains("\"servers\":[{\"id\":\"Server 1\",\"state\":\"READY\",\"instance\":\"")
                .containsPattern("\"generation\":\\d+,\"address\":\"127.0.0.1:\\d+\"");
        assertThat(running.get("/rep?verbose=false").body())
                .isEqualTo(running.get("/rep").body());
        assertThat(running.get("/rep?verbose=maybe").status()).isEqualTo(400);
        assertThat(running.get("/rep?verbos=true").status()).isEqualTo(400);
    }

    @Test
    void head_is_as_get_without_the_body() throws Exception {
        RawHttp head = RawHttp.send(running.traffic, "HEAD", "/rep", "");

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(Integer.parseInt(head.field("Content-Length")))
                .isEqualTo(running.get("/rep").body().length());
        assertThat(RawHttp.send(running.traffic, "HEAD", "/home", "").body()).isEmpty();
    }

    @Test
    void a_path_that_the_servers_do_not_know_is_400() throws Exception {
        RawHttp other = running.get("/other");

        assertThat(other.status()).isEqualTo(400);
        assertThat(other.body())
                .isEqualTo("{\"message\":\"<Error> '/other' endpoint does not exist in server replicas\","
                        + "\"status\":\"failure\"}");
        assertThat(running.get("/a/b?c=d").body()).contains("'/a/b' endpoint");
    }

    @ParameterizedTest
    @ValueSource(strings = {"//rep", "/%72ep", "/rep/", "/Rep", "/rm/x", "/add%20"})
    void reserved_paths_are_matched_byte_for_byte(String path) throws Exception {
        assertThat(running.get(path).body())
                .isEqualTo("{\"message\":\"<Error> '" + path + "' endpoint does not exist in server replicas\","
                        + "\"status\":\"failure\"}");
    }

    @Test
    void more_names_than_servers_are_refused_with_the_message_of_the_assignment() throws Exception {
        RawHttp add = change("POST", "/add", "{\"n\":1,\"hostnames\":[\"S5\",\"S6\"]}");
        RawHttp rm = change("DELETE", "/rm", "{\"n\":1,\"hostnames\":[\"Server 1\",\"Server 2\"]}");

        assertThat(add.status()).isEqualTo(400);
        assertThat(add.body())
                .isEqualTo("{\"message\":\"<Error> Length of hostname list is more than newly added instances\","
                        + "\"status\":\"failure\"}");
        assertThat(rm.status()).isEqualTo(400);
        assertThat(rm.body())
                .isEqualTo("{\"message\":\"<Error> Length of hostname list is more than removable instances\","
                        + "\"status\":\"failure\"}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"n":0}                                | 0
        {"n":-1}                               | -1
        {"n":1.5}                              | 1.5
        {"n":"2"}                              | '2'
        {"n":null}                             | null
        {"n":3}                                | 5
        {"n":99999999999999999999}             | 5
        {"n":1,"hostnames":["Server 1"]}       | Server 1
        {"n":2,"hostnames":["S5","S5"]}        | S5
        {"n":1,"hostnames":["S/5"]}            | S/5
        {"n":1,"hostnames":[" S5"]}            | S5
        {"n":1,"hostnames":[""]}               | 63
        {"n":1,"hostnames":[5]}                | 5
        {"n":1,"hostnames":"S5"}               | S5
        {"n":1,"N":1}                          | N
        {"n":1,"n":2}                          | n
        {"n":1,"hostname":["S5"]}              | hostname
        {"n":1                                 | JSON
        {"n":1}}                               | JSON
        [1]                                    | object
        7                                      | object
        """)
    void a_wrong_add_is_400_and_names_the_value(String body, String named) throws Exception {
        RawHttp response = change("POST", "/add", body);

        assertThat(response.status()).as(response.body()).isEqualTo(400);
        assertThat(response.body())
                .startsWith("{\"message\":\"<Error> ")
                .contains(named.replace("'", ""))
                .endsWith("\",\"status\":\"failure\"}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"n":0}                                       | 0
        {"n":4}                                       | 3
        {"n":1,"hostnames":["S5"]}                    | S5
        {"n":2,"hostnames":["Server 1","Server 1"]}   | Server 1
        """)
    void a_wrong_rm_is_400_and_names_the_value(String body, String named) throws Exception {
        RawHttp response = change("DELETE", "/rm", body);

        assertThat(response.status()).as(response.body()).isEqualTo(400);
        assertThat(response.body()).startsWith("{\"message\":\"<Error> ").contains(named);
    }

    @Test
    void a_body_that_is_too_large_is_413_and_one_that_is_not_json_415() throws Exception {
        RawHttp large = change("POST", "/add", "{\"n\":1,\"hostnames\":[\"" + "x".repeat(65_536) + "\"]}");
        RawHttp form =
                RawHttp.send(running.traffic, "POST", "/add", "n=1", "Content-Type: application/x-www-form-urlencoded");
        RawHttp untyped = RawHttp.send(running.traffic, "POST", "/add", "{\"n\":1}");

        assertThat(large.status()).isEqualTo(413);
        assertThat(large.body()).startsWith("{\"message\":\"<Error> ").contains("65536");
        assertThat(form.status()).isEqualTo(415);
        assertThat(form.body()).contains("application/x-www-form-urlencoded").contains("application/json");
        assertThat(untyped.status()).isEqualTo(415);
    }

    @ParameterizedTest
    @CsvSource({"GET,/add,POST", "PUT,/add,POST", "POST,/rm,DELETE", "GET,/rm,DELETE", "POST,/rep,GET"})
    void a_wrong_method_is_405_with_allow(String method, String path, String allowed) throws Exception {
        RawHttp response = RawHttp.send(running.traffic, method, path, "");

        assertThat(response.status()).isEqualTo(405);
        assertThat(response.field("Allow")).contains(allowed);
        assertThat(response.body()).startsWith("{\"message\":\"<Error> ").contains(method);
    }

    @Test
    void a_dry_run_tells_the_plan_and_changes_nothing() throws Exception {
        RawHttp add = change("POST", "/add?dryRun=true", "{\"n\":1,\"hostnames\":[\"S4\"]}");
        RawHttp rm = change("DELETE", "/rm?dryRun=true", "{\"n\":1,\"hostnames\":[\"Server 1\"]}");

        assertThat(add.status()).isEqualTo(200);
        assertThat(add.body())
                .startsWith("{\"message\":{\"N\":4,\"replicas\":[\"Server 1\",\"Server 2\",\"Server 3\",\"S4\"],"
                        + "\"plan\":{\"movedShare\":0.2")
                .containsPattern("\"from\":\"Server 1\",\"to\":\"S4\",\"share\":0\\.08\\d+");
        assertThat(rm.body())
                .startsWith("{\"message\":{\"N\":2,\"replicas\":[\"Server 2\",\"Server 3\"],"
                        + "\"plan\":{\"movedShare\":0.3");
        assertThat(change("POST", "/add?dryRun=true", "{\"n\":9}").status()).isEqualTo(400);
        assertThat(change("POST", "/add?dryRun=1", "{\"n\":1}").status()).isEqualTo(400);
    }

    @Test
    void pages_of_other_origins_cannot_drive_the_reserved_paths() throws Exception {
        RawHttp rebound = RawHttp.send(running.traffic, "POST", "/add", "", "Host: evil.example:7432");
        RawHttp foreign = RawHttp.send(running.traffic, "DELETE", "/rm", "", "Origin: http://evil.example");
        RawHttp opaque = RawHttp.send(running.traffic, "POST", "/add", "", "Origin: null");
        String own = "127.0.0.1:" + running.traffic.getPort();
        RawHttp same = RawHttp.send(running.traffic, "GET", "/rep", "", "Host: " + own, "Origin: http://" + own);
        RawHttp named =
                RawHttp.send(running.traffic, "GET", "/rep", "", "Host: localhost:" + running.traffic.getPort());
        RawHttp traffic = RawHttp.send(running.traffic, "GET", "/home", "", "Host: any.example");

        assertThat(List.of(rebound.status(), foreign.status(), opaque.status())).containsOnly(403);
        assertThat(rebound.body()).startsWith("{\"message\":\"<Error> ").contains("evil.example");
        assertThat(same.status()).isEqualTo(200);
        assertThat(named.status()).isEqualTo(200);
        assertThat(traffic.status()).isEqualTo(200);
        assertThat(running.get("/rep").body()).contains("\"N\":3");
    }

    @Test
    void the_admin_listener_tells_health_readiness_servers_and_ring() throws Exception {
        assertThat(RawHttp.get(running.admin, "/health").body()).isEqualTo("{\"status\":\"UP\"}");
        assertThat(RawHttp.get(running.admin, "/ready").body())
                .startsWith("{\"status\":\"READY\",\"ready\":3,\"servers\":3,");
        assertThat(RawHttp.get(running.admin, "/rep").body())
                .isEqualTo(running.get("/rep").body());
        assertThat(RawHttp.get(running.admin, "/ring").body())
                .containsPattern("\"membershipFingerprint\":\"[0-9a-f]{16}\"")
                .containsPattern("\"routingFingerprint\":\"[0-9a-f]{16}\"")
                .contains("\"policy\":\"hash\"")
                .containsPattern("\"id\":\"Server 1\",\"weight\":1,\"share\":0\\.3[34]\\d*");
        assertThat(RawHttp.get(running.admin, "/servers").body())
                .contains("\"id\":\"Server 2\",\"weight\":1,\"state\":\"READY\",\"override\":\"NONE\"");
        assertThat(RawHttp.get(running.admin, "/servers/Server%202").body()).contains("\"id\":\"Server 2\"");
        assertThat(RawHttp.get(running.admin, "/servers/S9").status()).isEqualTo(404);
        assertThat(RawHttp.get(running.admin, "/nothing").status()).isEqualTo(404);
        assertThat(RawHttp.send(running.admin, "GET", "/health", "", "Host: evil.example")
                        .status())
                .isEqualTo(403);
        assertThat(running.get("/health").status())
                .as("the traffic listener reserves nothing else")
                .isEqualTo(400);
    }

    @Test
    void an_explained_key_goes_where_it_was_said() throws Exception {
        String explained = RawHttp.get(running.admin, "/explain?key=user-17").body();
        String chosen = explained.replaceAll(".*\"chosen\":\"([^\"]*)\".*", "$1");

        for (int i = 0; i < 5; i++) {
            assertThat(RawHttp.send(running.traffic, "GET", "/home", "", "X-Request-Id: user-17")
                            .body())
                    .isEqualTo("{\"message\":\"Hello from Server: " + chosen + "\",\"status\":\"successful\"}");
        }
        assertThat(explained).contains("\"candidates\":[{\"id\":\"" + chosen + "\",\"state\":\"READY\"}");
    }

    @Test
    void a_plan_accepts_new_names_and_refuses_to_remove_unknown_names() throws Exception {
        assertThat(RawHttp.get(running.admin, "/plan?add=X&add=Y").body())
                .containsPattern("^\\{\"plan\":\\{\"movedShare\":0\\.(39|40)\\d*");
        assertThat(RawHttp.get(running.admin, "/plan?remove=Server%203").body()).contains("\"movedShare\":0.3");
        assertThat(RawHttp.get(running.admin, "/plan?remove=S9").status()).isEqualTo(400);
        assertThat(RawHttp.get(running.admin, "/plan?add=Server%201").status()).isEqualTo(400);
        assertThat(RawHttp.get(running.admin, "/plan?ad=X").status()).isEqualTo(400);
    }

    @Test
    void an_operator_override_takes_a_server_out_and_back() throws Exception {
        RawHttp drained = RawHttp.json(running.admin, "PUT", "/servers/Server%201", "{\"override\":\"DRAIN\"}");
        try {
            assertThat(drained.body()).contains("\"override\":\"DRAIN\"");
            for (int i = 0; i < 40; i++) {
                assertThat(running.get("/home").body()).doesNotContain("Server 1");
            }
            assertThat(RawHttp.get(running.admin, "/explain?key=a").body())
                    .contains("{\"id\":\"Server 1\",\"state\":\"READY\",\"skipped\":\"OVERRIDDEN\"}");
        } finally {
            RawHttp.json(running.admin, "PUT", "/servers/Server%201", "{\"override\":\"NONE\"}");
        }
        assertThat(RawHttp.json(running.admin, "PUT", "/servers/Server%201", "{\"override\":\"OFF\"}")
                        .status())
                .isEqualTo(400);
        assertThat(RawHttp.json(running.admin, "PUT", "/servers/S9", "{\"override\":\"DOWN\"}")
                        .status())
                .isEqualTo(404);
        assertThat(running.balancer.loadBalancer().membership().servers())
                .allMatch(s -> s.state() == Server.State.READY);
    }
}
