package io.github.lbkit.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.fixture.Await;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Tests of the access log line of a request. */
@Isolated("it reads what the logger writes to the standard error stream")
class AccessLogLineTest {
    @Test
    void a_request_writes_one_complete_line() {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try (ScriptedServer first = ScriptedServer.refusing();
                ScriptedServer server = ScriptedServer.start(
                        ServerScript.answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"));
                ProxyFixture fixture = ProxyFixture.over(b -> b.accessLog(true), first, server);
                RawClient client = fixture.client();
                RawClient bad = fixture.client()) {
            client.send("GET /x\"y HTTP/1.1\r\nHost: a\r\nX-Request-Id: id9\r\n\r\n")
                    .read();
            bad.send("BAD\r\n\r\n").read();
            Await.until(
                    log::toString,
                    () -> log.toString(StandardCharsets.UTF_8)
                                    .lines()
                                    .filter(line -> line.contains(" 127.0.0.1 "))
                                    .count()
                            >= 2);
        } finally {
            System.setErr(before);
        }

        assertThat(log.toString(StandardCharsets.UTF_8).lines())
                .anyMatch(line -> line.matches(".*127\\.0\\.0\\.1 GET /x\\\\x22y 200 5 \\d+ s2 2 id9 -"))
                .anyMatch(line -> line.endsWith("127.0.0.1 - - 400 0 0 - 0 - bad-request"));
    }
}
