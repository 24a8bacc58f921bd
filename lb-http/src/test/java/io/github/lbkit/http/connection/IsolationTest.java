package io.github.lbkit.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.LoadView;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Picker;
import io.github.lbkit.api.Policy;
import io.github.lbkit.api.Server;
import io.github.lbkit.http.KeyExtractor;
import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.ReverseProxyBuilder;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import io.github.lbkit.testkit.fault.UnprintableException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests of exceptions in the application's code: only the current request fails, and the proxy continues. */
class IsolationTest {
    private static final String BAD = "/bad";
    private static final ServerScript OK = ServerScript.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    private static final int CUT = 0;

    /** Code of others, which throws where the path of the request is {@link #BAD}. */
    private enum Callback {
        KEY_EXTRACTOR,
        GUARD,
        MAPPER,
        HANDLER,
        STREAM_HANDLER,
        FIRST_CANDIDATE,
        SECOND_CANDIDATE,
        LISTENER;

        ReverseProxyBuilder in(ReverseProxyBuilder proxy, Supplier<Throwable> thrown) {
            return switch (this) {
                case KEY_EXTRACTOR ->
                    proxy.key(head -> {
                        throwIf(head.path().equals(BAD), thrown);
                        return Key.none();
                    });
                case GUARD ->
                    proxy.route(BAD, 10, request -> LocalResponse.text(200, "ok"))
                            .guard(head -> {
                                throwIf(head.path().equals(BAD), thrown);
                                return Optional.empty();
                            });
                case MAPPER ->
                    proxy.mapResponse((head, status) -> {
                        throwIf(head.path().equals(BAD), thrown);
                        return Optional.empty();
                    });
                case HANDLER ->
                    proxy.route(BAD, 10, request -> {
                        throwIf(true, thrown);
                        return LocalResponse.text(200, "ok");
                    });
                case STREAM_HANDLER ->
                    proxy.stream(BAD, (request, stream) -> {
                        throwIf(true, thrown);
                        return LocalResponse.text(200, "ok");
                    });
                case FIRST_CANDIDATE, SECOND_CANDIDATE, LISTENER -> proxy.key(KeyExtractor.path());
            };
        }

        int candidate() {
            return this == FIRST_CANDIDATE ? 0 : this == SECOND_CANDIDATE ? 1 : Integer.MAX_VALUE;
        }
    }

    static Stream<Arguments> cases() {
        List<Supplier<Throwable>> throwables = List.of(
                () -> new IllegalStateException("as a test wants it"),
                () -> new NoClassDefFoundError("as a test wants it"),
                () -> new StackOverflowError("as a test wants it"),
                () -> new OutOfMemoryError("as a test wants it"),
                () -> new AssertionError("as a test wants it"),
                () -> new ExceptionInInitializerError("as a test wants it"),
                UnprintableException::new);
        List<Arguments> cases = new ArrayList<>();
        for (Callback callback : Callback.values()) {
            throwables.forEach(thrown ->
                    cases.add(Arguments.of(callback, thrown.get().getClass().getSimpleName(), thrown)));
        }
        return cases.stream();
    }

    @ParameterizedTest(name = "{0} throws {1}")
    @MethodSource("cases")
    void an_exception_of_application_code_ends_one_request(Callback callback, String name, Supplier<Throwable> thrown) {
        try (ScriptedServer gone = ScriptedServer.refusing();
                ScriptedServer server = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.balancing(
                        b -> callback == Callback.LISTENER ? b.listener(new Throwing(thrown)) : b,
                        b -> callback.in(b, thrown),
                        new Throws(callback.candidate(), thrown),
                        gone,
                        server)) {
            try (RawClient before = fixture.client()) {
                assertThat(before.get("/good").status()).isEqualTo(200);
                for (int i = 0; i < 3; i++) {
                    try (RawClient client = fixture.client()) {
                        assertThat(status(client)).isIn(callback == Callback.LISTENER ? 200 : 500, CUT);
                    }
                }
                fixture.awaitNothingInFlight();
                assertThat(before.get("/good").status()).isEqualTo(200);
            }
            try (RawClient after = fixture.client()) {
                assertThat(after.get("/good").status()).isEqualTo(200);
            }
            assertThat(fixture.proxy.failure()).isEmpty();
        }
    }

    private static int status(RawClient client) {
        try {
            return client.get(BAD).status();
        } catch (UncheckedIOException e) {
            assertThat(e.getCause()).isNotInstanceOf(java.net.SocketTimeoutException.class);
            return CUT;
        }
    }

    private static void throwIf(boolean condition, Supplier<Throwable> thrown) {
        if (condition) {
            Throwable e = thrown.get();
            if (e instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) e;
        }
    }

    /** A listener that throws at every attempt. */
    private record Throwing(Supplier<Throwable> thrown) implements LoadBalancerListener {
        @Override
        public void attemptBegan(Server server) {
            throwIf(true, thrown);
        }
    }

    /** Servers in their order; throws where the key is {@link #BAD} and so many candidates were given. */
    private record Throws(int candidate, Supplier<Throwable> thrown) implements Policy {
        @Override
        public String name() {
            return "throws";
        }

        @Override
        public Picker picker(List<Member> members) {
            return new Picker() {
                @Override
                public int next(Key key, Cursor cursor, LoadView load) {
                    throwIf(cursor.taken() == candidate && key.isText() && BAD.contentEquals(key.text()), thrown);
                    int index = cursor.taken();
                    return index < members.size() && cursor.visit(index) ? index : -1;
                }
            };
        }
    }
}
