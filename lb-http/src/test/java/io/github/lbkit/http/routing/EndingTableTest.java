package io.github.lbkit.http.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.ReverseProxyBuilder;
import io.github.lbkit.http.fixture.Await;
import io.github.lbkit.http.fixture.CapturedLog;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.http.fixture.ShortTimeouts;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The ways in which an exchange can end, as docs/serve.md shows them: what the client gets, what the balancer is told
 * of each server, and the word of the access log.
 */
class EndingTableTest {
    /** The client saw its connection end without a complete response. */
    private static final int CUT = 0;

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String HEAD = "HTTP/1.1 200 OK\r\n";
    private static CapturedLog log = new CapturedLog();

    @BeforeAll
    static void capture() {
        log = new CapturedLog();
    }

    @AfterAll
    static void release() {
        log.close();
    }

    /** What a client does after its connection is made; returns the status that it got, or {@link #CUT}. */
    private interface Client {
        int run(RawClient client, String target, List<ScriptedServer> servers) throws IOException;
    }

    private record Row(
            String name,
            UnaryOperator<ReverseProxyBuilder> settings,
            Client client,
            List<ServerScript> servers,
            int status,
            String word,
            List<String> outcomes) {
        @Override
        public String toString() {
            return name;
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void an_exchange_ends_as_the_table_says(Row row) throws IOException {
        String target = "/" + row.name.replaceAll("[^a-z0-9]+", "-");
        List<ScriptedServer> servers = new ArrayList<>();
        row.servers.forEach(
                script -> servers.add(script == REFUSES ? ScriptedServer.refusing() : ScriptedServer.start(script)));
        try (ProxyFixture fixture = ProxyFixture.over(
                        b -> row.settings.apply(b.accessLog(true)), servers.toArray(ScriptedServer[]::new));
                RawClient client = small(fixture)) {
            assertThat(row.client.run(client, target, servers)).isEqualTo(row.status);
            if (row.outcomes.isEmpty()) {
                fixture.awaitNothingInFlight();
            } else {
                fixture.awaitOutcomes(row.outcomes.toArray(String[]::new));
            }
        } finally {
            servers.forEach(ScriptedServer::close);
        }
        assertThat(log.awaitLineWith(" " + target + " ")).endsWith(" " + row.word);
    }

    private static RawClient small(ProxyFixture fixture) {
        return RawClient.slow(fixture.proxy);
    }

    private static final ServerScript REFUSES = new ServerScript();

    static Stream<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (String method : List.of("GET", "PUT", "POST")) {
            for (Failing failing : Failing.all()) {
                rows.add(alone(method, failing));
                rows.add(besideAnother(method, failing));
            }
        }
        withinResponses(rows);
        onUsedConnections(rows);
        ofClients(rows);
        ofTime(rows);
        ofTheProxy(rows);
        ofTunnels(rows);
        return rows.stream();
    }

    /**
     * What a server does in place of a response, and how an exchange ends with it.
     *
     * @param alwaysRepeated whether a POST is repeated at another server too
     */
    private record Failing(
            String name, ServerScript script, int status, String word, String outcome, boolean alwaysRepeated) {
        private static final String INTERIM = "HTTP/1.1 103 Early Hints\r\n\r\n";
        private static final String TWICE = HEAD + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n";
        private static final String TOO_BIG = HEAD + "A: " + "a".repeat(300_000) + "\r\n\r\n";

        static List<Failing> all() {
            return List.of(
                    new Failing("refuse", REFUSES, 503, "connect-failed", "failed CONNECT", true),
                    disconnecting("close", afterRequest().close(), "server-closed"),
                    disconnecting("reset", afterRequest().reset(), "server-reset"),
                    disconnecting(
                            "close in a head",
                            afterRequest().send("HTTP/1.1 200 O").close(),
                            "server-closed"),
                    disconnecting(
                            "close after interim", afterRequest().send(INTERIM).close(), "server-closed"),
                    silent("be silent", afterRequest()),
                    silent("be silent after interim", afterRequest().send(INTERIM)),
                    silent("be silent in a head", afterRequest().send("HTTP/1.1 200 O")),
                    sending("speak no http", "SSH-2.0-x\r\n", "not-http", "failed PROTOCOL"),
                    sending("break a rule", TWICE + "0\r\n\r\n", "bad-response", "abandoned"),
                    sending("exceed a limit", TOO_BIG, "bad-response", "abandoned"));
        }

        private static Failing disconnecting(String name, ServerScript script, String word) {
            return new Failing(name, script, 502, word, "failed DISCONNECT", false);
        }

        private static Failing silent(String name, ServerScript script) {
            return new Failing(name, script.stall(), 504, "response-timeout", "failed TIMEOUT", false);
        }

        private static Failing sending(String name, String response, String word, String outcome) {
            return new Failing(name, afterRequest().send(response).stall(), 502, word, outcome, false);
        }
    }

    /** A server that has read a request of {@link #request}. */
    private static ServerScript afterRequest() {
        return new ServerScript().expectHead();
    }

    private static Row alone(String method, Failing failing) {
        return new Row(
                method.toLowerCase(Locale.ROOT) + " to one that would " + failing.name,
                b -> b.timeouts(ShortTimeouts.response()),
                request(method),
                List.of(failing.script),
                failing.status,
                failing.word,
                List.of("s1 " + failing.outcome));
    }

    private static Row besideAnother(String method, Failing failing) {
        boolean repeated = failing.alwaysRepeated || !method.equals("POST");
        return new Row(
                method.toLowerCase(Locale.ROOT) + " to one that would " + failing.name + " and another",
                b -> b.timeouts(ShortTimeouts.response()),
                request(method),
                List.of(failing.script, answering()),
                repeated ? 200 : failing.status,
                repeated ? "-" : failing.word,
                repeated ? List.of("s1 " + failing.outcome, "s2 succeeded") : List.of("s1 " + failing.outcome));
    }

    private static ServerScript answering() {
        return afterRequest().send(OK).expectEnd();
    }

    private static Client request(String method) {
        return (client, target, servers) -> {
            client.send(head(method, target) + (method.equals("GET") ? "\r\n" : "Content-Length: 3\r\n\r\nabc"));
            return finalStatus(client);
        };
    }

    private static String head(String method, String target) {
        return method + " " + target + " HTTP/1.1\r\nHost: a\r\n";
    }

    private static int finalStatus(RawClient client) {
        try {
            int status = client.read().status();
            while (status < 200) {
                status = client.read().status();
            }
            return status;
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof java.net.SocketTimeoutException) {
                throw e;
            }
            return CUT;
        }
    }

    private static void withinResponses(List<Row> rows) {
        String length = HEAD + "Content-Length: 100000\r\n\r\n";
        String chunked = HEAD + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n";
        rows.add(within(
                "close within a length",
                afterRequest().send(length + "a".repeat(50_000)).close(),
                "response-cut",
                "failed DISCONNECT"));
        rows.add(within(
                "reset within chunks", afterRequest().send(chunked).reset(), "response-cut", "failed DISCONNECT"));
        rows.add(within(
                "close within chunks", afterRequest().send(chunked).close(), "response-cut", "failed DISCONNECT"));
        rows.add(within(
                "break a rule within chunks",
                afterRequest()
                        .send(chunked + "30d40\r\n" + "a".repeat(200_000) + "\r\noops\r\n")
                        .stall(),
                "bad-response",
                "abandoned"));
        rows.add(within(
                "be silent within chunks", afterRequest().send(chunked).stall(), "response-silent", "failed TIMEOUT"));
        rows.add(within(
                "reset a body that ends with the connection",
                afterRequest().send(HEAD + "\r\nabc").reset(),
                "response-cut",
                "failed DISCONNECT"));
    }

    private static Row within(String name, ServerScript server, String word, String outcome) {
        return new Row(
                name,
                b -> b.timeouts(ShortTimeouts.silence()),
                (client, target, servers) -> {
                    client.send(head("GET", target) + "\r\n");
                    String all = readAll(client);
                    assertThat(all).startsWith("HTTP/1.1 200").doesNotEndWith("0\r\n\r\n");
                    return CUT;
                },
                List.of(server, answering()),
                CUT,
                word,
                List.of("s1 " + outcome));
    }

    /** Reads until the connection ends in whatever way. */
    private static String readAll(RawClient client) {
        StringBuilder all = new StringBuilder();
        try {
            for (int b; (b = client.in().read()) >= 0; ) {
                all.append((char) b);
            }
        } catch (IOException reset) {
            // as it may be
        }
        return all.toString();
    }

    private static void onUsedConnections(List<Row> rows) {
        ServerScript closes = answeringOnce().close();
        rows.add(used("get on a connection that is closed", "GET", closes, 200, "-", "succeeded"));
        rows.add(used("put on a connection that is closed", "PUT", closes, 200, "-", "succeeded"));
        rows.add(used("post on a connection that is closed", "POST", closes, 502, "stale-connection", "abandoned"));
        rows.add(
                used("get on a connection that is reset", "GET", answeringOnce().reset(), 200, "-", "succeeded"));
        ServerScript timesOut = answeringOnce()
                .send("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
                .close();
        rows.add(used("get answered 408 with close", "GET", timesOut, 200, "-", "succeeded"));
        rows.add(used("post answered 408 with close", "POST", timesOut, 408, "-", "succeeded"));
    }

    /** A server that answers one request on its first connection and reads the head of the second. */
    private static ServerScript answeringOnce() {
        return afterRequest().send(OK).expectHead();
    }

    private static Row used(String name, String method, ServerScript first, int status, String word, String outcome) {
        return new Row(
                name,
                b -> b,
                (client, target, servers) -> {
                    servers.get(0).listen(first, answering());
                    assertThat(client.get("/first").status()).isEqualTo(200);
                    return request(method).run(client, target, servers);
                },
                List.of(REFUSES),
                status,
                word,
                List.of("s1 succeeded", "s1 " + outcome));
    }

    private static void ofClients(List<Row> rows) {
        rows.add(new Row(
                "client resets before the response",
                b -> b,
                (client, target, servers) -> {
                    client.send(head("GET", target) + "\r\n");
                    servers.get(0).awaitHeads(1);
                    client.reset();
                    return CUT;
                },
                List.of(afterRequest().expectEnd()),
                CUT,
                "client-reset",
                List.of("s1 abandoned")));
        rows.add(new Row(
                "client resets within the response",
                b -> b,
                (client, target, servers) -> {
                    client.send(head("GET", target) + "\r\n");
                    assertThat(client.line()).isEqualTo("HTTP/1.1 200 OK");
                    client.reset();
                    return CUT;
                },
                List.of(endless()),
                CUT,
                "client-reset",
                List.of("s1 abandoned")));
        rows.add(new Row(
                "client does not read",
                b -> b.timeouts(ShortTimeouts.writeStall()),
                (client, target, servers) -> {
                    client.send(head("GET", target) + "\r\n");
                    servers.get(0).awaitEnded(1);
                    return CUT;
                },
                List.of(endless()),
                CUT,
                "client-not-reading",
                List.of("s1 abandoned")));
        rows.add(new Row(
                "client sends a short body slowly",
                b -> b.timeouts(ShortTimeouts.requestBody()),
                upload("Content-Length: 9\r\n\r\nabc"),
                List.of(answering()),
                408,
                "request-body-timeout",
                List.of()));
        rows.add(new Row(
                "client sends chunks slowly",
                b -> b.timeouts(ShortTimeouts.requestBody()),
                upload("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"),
                List.of(afterRequest().expectThrough("0\r\n\r\n").send(OK)),
                408,
                "request-body-timeout",
                List.of("s1 abandoned")));
        rows.add(new Row(
                "client sends a bad chunk",
                b -> b,
                upload("Transfer-Encoding: chunked\r\n\r\nnonsense\r\n"),
                List.of(afterRequest().expectThrough("0\r\n\r\n").send(OK)),
                400,
                "bad-request",
                List.of("s1 abandoned")));
        rows.add(new Row(
                "server gives up on a slow body",
                b -> b,
                upload("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"),
                List.of(afterRequest().expectThrough("abc\r\n").close()),
                502,
                "server-left-upload",
                List.of("s1 abandoned")));
        rows.add(new Row(
                "server resets a slow body",
                b -> b,
                upload("Content-Length: 100000\r\n\r\nabc"),
                List.of(afterRequest().expectThrough("abc").reset()),
                502,
                "server-left-upload",
                List.of("s1 abandoned")));
        rows.add(new Row(
                "server gives up on a slow reader",
                b -> b,
                (client, target, servers) -> {
                    client.send(head("GET", target) + "\r\n");
                    Await.until(
                            "the server has sent what it will",
                            () -> servers.get(0).ended() == 1);
                    readAll(client);
                    return CUT;
                },
                List.of(afterRequest()
                        .send(HEAD + "Content-Length: 1073741824\r\n\r\n")
                        .sendRepeatedly(new byte[1 << 16], 100)
                        .close()),
                CUT,
                "server-left-download",
                List.of("s1 abandoned")));
    }

    private static Client upload(String rest) {
        return (client, target, servers) -> {
            client.send(head("POST", target) + rest);
            return finalStatus(client);
        };
    }

    private static ServerScript endless() {
        return afterRequest().send(HEAD + "Content-Length: 1073741824\r\n\r\n").sendRepeatedly(new byte[1 << 20], 1024);
    }

    private static void ofTime(List<Row> rows) {
        rows.add(new Row(
                "request time over while the server has the request",
                b -> b.timeouts(ShortTimeouts.request()),
                request("GET"),
                List.of(afterRequest().stall()),
                504,
                "request-timeout",
                List.of("s1 failed TIMEOUT")));
        rows.add(new Row(
                "request time over while the client has to send",
                b -> b.timeouts(ShortTimeouts.request()),
                upload("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"),
                List.of(afterRequest().expectThrough("0\r\n\r\n").send(OK)),
                408,
                "request-timeout",
                List.of("s1 abandoned")));
        rows.add(new Row(
                "request time over while a short body is collected",
                b -> b.timeouts(ShortTimeouts.request()),
                upload("Content-Length: 9\r\n\r\nabc"),
                List.of(answering()),
                408,
                "request-timeout",
                List.of()));
        rows.add(new Row(
                "request time over within a response",
                b -> b.timeouts(ShortTimeouts.request()),
                (client, target, servers) -> {
                    client.send(head("GET", target) + "\r\n");
                    readAll(client);
                    return CUT;
                },
                List.of(afterRequest()
                        .send(HEAD + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
                        .stall()),
                CUT,
                "request-timeout",
                List.of("s1 abandoned")));
        rows.add(new Row(
                "server does not take the body",
                b -> b.timeouts(ShortTimeouts.writeStall()),
                (client, target, servers) -> {
                    client.send(head("POST", target) + "Content-Length: 1073741824\r\n\r\n");
                    sendForEver(client);
                    return finalStatus(client);
                },
                List.of(afterRequest().stall()),
                504,
                "request-not-taken",
                List.of("s1 failed TIMEOUT")));
    }

    private static void sendForEver(RawClient client) {
        Thread sending = new Thread(() -> {
            try {
                byte[] block = new byte[1 << 16];
                for (int i = 0; i < 16_384; i++) {
                    client.out().write(block);
                }
            } catch (IOException cut) {
                // as it should be
            }
        });
        sending.setDaemon(true);
        sending.start();
    }

    private static void ofTheProxy(List<Row> rows) {
        rows.add(new Row(
                "key extractor throws",
                b -> b.key(head -> {
                    throw new IllegalStateException("as a test wants it");
                }),
                request("GET"),
                List.of(answering()),
                500,
                "internal-error",
                List.of()));
        rows.add(new Row(
                "mapper throws",
                b -> b.mapResponse((head, status) -> {
                    throw new NoClassDefFoundError("as a test wants it");
                }),
                request("GET"),
                List.of(answering()),
                500,
                "internal-error",
                List.of("s1 abandoned")));
        rows.add(new Row("no server", b -> b, request("GET"), List.of(), 503, "no-server:pool-empty", List.of()));
    }

    private static void ofTunnels(List<Row> rows) {
        String switching = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";
        rows.add(new Row(
                "switch that was not asked for",
                b -> b,
                request("POST"),
                List.of(afterRequest().send(switching).expectEnd(), answering()),
                502,
                "bad-upgrade",
                List.of("s1 abandoned")));
        rows.add(tunnel(
                "tunnel to its end", afterRequest().send(switching + "bye").close(), "-", "succeeded", false));
        rows.add(new Row(
                "tunnel that is reset before a byte",
                b -> b,
                (client, target, servers) -> {
                    client.send(upgrade(target));
                    int status = client.read().status();
                    client.socket.shutdownOutput();
                    readAll(client);
                    return status;
                },
                List.of(afterRequest().send(switching).expectEnd().reset(), answering()),
                101,
                "tunnel-lost",
                List.of("s1 failed DISCONNECT")));
        rows.add(tunnel(
                "tunnel that is reset after a byte of the client",
                afterRequest().send(switching).expect(1).reset(),
                "tunnel-reset",
                "abandoned",
                false));
        rows.add(tunnel(
                "tunnel that is reset",
                afterRequest().send(switching + "bye").expect(1).reset(),
                "tunnel-reset",
                "abandoned",
                false));
        rows.add(tunnel(
                "tunnel without bytes", afterRequest().send(switching).expectEnd(), "tunnel-idle", "abandoned", true));
        rows.add(new Row(
                "tunnel whose bytes the server does not take",
                b -> b.timeouts(ShortTimeouts.writeStall()),
                (client, target, servers) -> {
                    client.send(upgrade(target));
                    assertThat(client.read().status()).isEqualTo(101);
                    sendForEver(client);
                    readAll(client);
                    return CUT;
                },
                List.of(afterRequest().send(switching).stall()),
                CUT,
                "tunnel-stalled",
                List.of("s1 abandoned")));
        rows.add(new Row(
                "tunnel that the client resets",
                b -> b,
                (client, target, servers) -> {
                    client.send(upgrade(target));
                    assertThat(client.read().status()).isEqualTo(101);
                    client.reset();
                    return CUT;
                },
                List.of(afterRequest().send(switching).expectEnd()),
                CUT,
                "client-reset",
                List.of("s1 abandoned")));
    }

    /** A tunnel into which the client sends a byte, unless it is idle. The client closes it when the server has. */
    private static Row tunnel(String name, ServerScript server, String word, String outcome, boolean idle) {
        return new Row(
                name,
                b -> idle ? b.timeouts(ShortTimeouts.tunnel()) : b,
                (client, target, servers) -> {
                    client.send(upgrade(target));
                    int status = client.read().status();
                    if (!idle) {
                        client.send("x");
                    }
                    readAll(client);
                    client.close();
                    return status;
                },
                List.of(server, answering()),
                101,
                word,
                List.of("s1 " + outcome));
    }

    private static String upgrade(String target) {
        return head("GET", target) + "Connection: upgrade\r\nUpgrade: websocket\r\n\r\n";
    }
}
