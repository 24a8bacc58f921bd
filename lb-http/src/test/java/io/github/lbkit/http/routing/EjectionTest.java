package io.github.lbkit.http.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.health.Ejection;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.testkit.ManualScheduler;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tests of servers that are ejected because of their responses, and return. */
class EjectionTest {
    private static final ServerScript BROKEN = new ServerScript()
            .expectHead()
            .send("HTTP/1.1 500 Broken\r\nConnection: close\r\nContent-Length: 6\r\n\r\nbroken")
            .close();
    private static final ServerScript WELL =
            ServerScript.answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst");
    private static final ServerScript OTHER =
            ServerScript.answering("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecond");
    private static final Duration BASE = Duration.ofSeconds(5);
    private static final Ejection AFTER_TWO = Ejection.builder()
            .consecutiveFailures(2)
            .failureRatio(1)
            .minVolume(1000)
            .base(BASE)
            .build();

    private final ManualScheduler time = new ManualScheduler();

    private ProxyFixture fixture(ScriptedServer... servers) {
        return ProxyFixture.balancing(
                b -> b.ejection(AFTER_TWO).runtimes(time.asRuntimes()),
                b -> b.failureStatuses(Set.of(500)).abortOnHalfClose(true),
                servers);
    }

    @Test
    void a_server_that_answers_500_is_out_and_takes_traffic_again_after_its_time() {
        try (ScriptedServer first = ScriptedServer.start(BROKEN, BROKEN, WELL);
                ScriptedServer second = ScriptedServer.start(OTHER);
                ProxyFixture fixture = fixture(first, second);
                RawClient client = fixture.client()) {
            assertThat(client.get("/").status()).isEqualTo(500);
            assertThat(client.get("/").status()).isEqualTo(500);
            assertThat(client.get("/").body()).isEqualTo("second");
            time.advance(BASE.minusNanos(1));
            assertThat(client.get("/").body()).isEqualTo("second");

            time.advance(Duration.ofNanos(1));

            for (int i = 0; i < 10; i++) {
                assertThat(client.get("/").body()).isEqualTo("first");
            }
            fixture.awaitNothingInFlight();
            assertThat(first.heads()).hasSize(12);
            assertThat(second.heads()).hasSize(2);
            fixture.awaitEjections("s1 out for PT5S", "s1 back");
        }
    }

    @Test
    void a_server_that_still_answers_500_is_ejected_for_longer_and_returns_when_it_answers_200() {
        try (ScriptedServer first = ScriptedServer.start(BROKEN, BROKEN, BROKEN, WELL);
                ScriptedServer second = ScriptedServer.start(OTHER);
                ProxyFixture fixture = fixture(first, second);
                RawClient client = fixture.client()) {
            assertThat(client.get("/").status()).isEqualTo(500);
            assertThat(client.get("/").status()).isEqualTo(500);
            fixture.awaitEjections("s1 out for PT5S");
            time.advance(BASE);
            assertThat(client.get("/").status()).isEqualTo(500);
            fixture.awaitEjections("s1 out for PT5S", "s1 out for PT10S"); // its status is known before it can return
            time.advance(BASE);
            assertThat(client.get("/").body()).isEqualTo("second");

            time.advance(BASE);

            assertThat(client.get("/").body()).isEqualTo("first");
            assertThat(client.get("/").body()).isEqualTo("first");
            fixture.awaitNothingInFlight();
            fixture.awaitEjections("s1 out for PT5S", "s1 out for PT10S", "s1 back");
        }
    }

    @Test
    void while_it_is_on_trial_one_request_at_a_time_is_risked() {
        ServerScript slowly = new ServerScript().expectHead().expectEnd();
        try (ScriptedServer first = ScriptedServer.start(BROKEN, BROKEN, slowly, WELL);
                ScriptedServer second = ScriptedServer.start(OTHER);
                ProxyFixture fixture = fixture(first, second);
                RawClient other = fixture.client()) {
            assertThat(other.get("/").status()).isEqualTo(500);
            assertThat(other.get("/").status()).isEqualTo(500);
            fixture.awaitEjections("s1 out for PT5S");
            time.advance(BASE);
            try (RawClient onTrial = fixture.client()) {
                onTrial.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                first.awaitHeads(3);

                assertThat(other.get("/").body()).isEqualTo("second");
                assertThat(other.get("/").body()).isEqualTo("second");
            }
            fixture.awaitNothingInFlight();

            assertThat(other.get("/").body())
                    .as("a trial that says nothing is made anew")
                    .isEqualTo("first");
            fixture.awaitEjections("s1 out for PT5S", "s1 back");
        }
    }
}
