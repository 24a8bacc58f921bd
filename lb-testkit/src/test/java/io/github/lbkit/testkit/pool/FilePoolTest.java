package io.github.lbkit.testkit.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.DrainResult;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.pool.FilePool;
import io.github.lbkit.api.pool.ServerPools;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.testkit.ManualScheduler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilePoolTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @TempDir
    Path directory;

    private final ManualScheduler scheduler = new ManualScheduler();
    private final List<ServerPool> open = new ArrayList<>();
    private Path file = Path.of("set before each test");

    @BeforeEach
    void nameTheFile() {
        file = directory.resolve("servers");
    }

    @AfterEach
    void closePools() {
        open.forEach(ServerPool::close);
    }

    private PoolContext context() {
        return new PoolContext("test", scheduler.asRuntimes(), directory);
    }

    private FilePool pool(String text) throws IOException {
        Files.writeString(file, text);
        FilePool pool = FilePool.open(context(), file, FilePool.Options.DEFAULTS);
        open.add(pool);
        return pool;
    }

    /** Long enough for the next look, and the second one that confirms it. */
    private void nextLook() {
        scheduler.advance(Duration.ofMillis(1_200));
    }

    private static List<String> ids(Membership membership) {
        return membership.servers().stream().map(Server::id).toList();
    }

    @Test
    void each_line_is_a_server() throws Exception {
        FilePool pool = pool("""
                # the servers of the shop
                S1   10.0.0.1:8080   weight=2 zone=a   # the big one
                S2\t[::1]:81 scheme=https sni=shop.example label=x

                S3 s3.internal:80 weight=0
                """);

        Membership membership = pool.membership();

        assertThat(ids(membership)).containsExactly("S1", "S2", "S3");
        Server first = membership.server("S1").orElseThrow();
        assertThat(first.weight()).isEqualTo(2);
        assertThat(first.labels()).isEqualTo(Map.of("zone", "a"));
        assertThat(first.state()).isEqualTo(Server.State.READY);
        assertThat(first.instance().orElseThrow().address()).isEqualTo(Address.of("10.0.0.1", 8080));
        Server second = membership.server("S2").orElseThrow();
        assertThat(second.labels()).isEqualTo(Map.of("label", "x"));
        assertThat(second.instance().orElseThrow().address())
                .isEqualTo(new Address("::1", 81, Map.of("scheme", "https", "sni", "shop.example")));
        assertThat(membership.server("S3").orElseThrow().weight()).isZero();
    }

    @Test
    void a_change_in_place_is_followed_and_keeps_the_instances_that_stay() throws Exception {
        FilePool pool = pool("a h:1\nb h:2\n");
        long generationOfB = generation(pool, "b");

        Files.writeString(file, "b h:2 weight=5\nc h:3\na h:9\n");
        nextLook();

        assertThat(ids(pool.membership())).containsExactly("a", "b", "c");
        assertThat(generation(pool, "b")).isEqualTo(generationOfB);
        assertThat(pool.membership().server("b").orElseThrow().weight()).isEqualTo(5);
        assertThat(generation(pool, "a"))
                .as("another address is another instance")
                .isGreaterThan(2);
        assertThat(pool.membership().version()).isEqualTo(2);
    }

    private static long generation(ServerPool pool, String id) {
        return pool.membership()
                .server(id)
                .orElseThrow()
                .instance()
                .orElseThrow()
                .generation();
    }

    @Test
    void a_byte_order_mark_at_the_beginning_is_no_part_of_the_text() throws Exception {
        FilePool pool = pool("\uFEFFS1 10.0.0.1:8080\n");
        assertThat(ids(pool.membership())).containsExactly("S1");

        Files.writeString(file, "\uFEFF# nothing but\nS2 10.0.0.1:8080\n");
        nextLook();

        assertThat(ids(pool.membership())).containsExactly("S2");
        assertThatThrownBy(() -> pool("S1 10.0.0.1:80\n\uFEFFS2 10.0.0.2:80\n"))
                .hasMessageContaining("line 2: the id '\\ufeffS2' is not");
    }

    @Test
    void an_atomic_replace_is_followed() throws Exception {
        FilePool pool = pool("a h:1\n");

        Path next = Files.writeString(directory.resolve("next"), "b h:1\n");
        Files.setLastModifiedTime(next, Files.getLastModifiedTime(file));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        nextLook();

        assertThat(pool.membership().server("b")).isPresent();
    }

    @Test
    void a_change_of_the_same_size_and_time_is_followed_while_the_file_is_recent() throws Exception {
        FilePool pool = pool("a h:1\n");
        FileTime time = Files.getLastModifiedTime(file);

        Files.writeString(file, "b h:1\n");
        Files.setLastModifiedTime(file, time);
        nextLook();

        assertThat(pool.membership().server("b")).isPresent();
    }

    @Test
    void a_file_that_is_still_being_written_does_not_count() throws Exception {
        FilePool pool = pool("a h:1\nb h:2\nc h:3\n");

        Files.writeString(file, "a h:1\n");
        scheduler.advance(SECOND);
        Files.writeString(file, "a h:1\nb h:2\nd h:4\n");
        scheduler.advance(Duration.ofMillis(100));
        assertThat(ids(pool.membership())).containsExactly("a", "b", "c");
        scheduler.advance(Duration.ofMillis(100));

        assertThat(ids(pool.membership())).containsExactly("a", "b", "d");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a h:1;b | line 2: 'b' has no host:port",
                "a h:1;;b h | line 3: 'h' is not host:port",
                "a h:0 | line 1: port 0 of h is not within 1 to 65535",
                "a h:70000 | line 1: port 70000",
                "a http://h:1 | line 1: 'http://h:1' is not host:port",
                "a/b h:1 | line 1: the id 'a/b' is not 1 to 63",
                "a h:1;a h:2 | line 2: the id 'a' stands in line 1 already",
                "a h:1 weight | line 1: 'weight' is not name=value",
                "a h:1 weight=-1 | line 1: weight '-1' is not a number from 0 to 1000000",
                "a h:1 weight=1000001 | line 1: weight '1000001'",
                "a h:1 x=1 x=2 | line 1: 'x' is given twice",
                "a h:1 weight=1 weight=2 | line 1: 'weight' is given twice",
                "a h:1 scheme=1ftp | line 1: scheme '1ftp' is not a letter and then letters, digits, '+', '-' or '.'",
                "# nobody | names no server"
            })
    void a_bad_file_is_refused_whole_naming_line_and_reason(String text, String message) throws Exception {
        FilePool pool = pool("a h:1\nb h:2\n");

        Path bad = Files.writeString(directory.resolve("bad"), text.replace(';', '\n'));
        Files.copy(bad, file, StandardCopyOption.REPLACE_EXISTING);
        nextLook();

        assertThat(ids(pool.membership())).containsExactly("a", "b");
        assertThat(pool.membership().version()).isEqualTo(1);
        assertThatThrownBy(() -> FilePool.open(context(), bad, FilePool.Options.DEFAULTS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("file " + bad)
                .hasMessageContaining(message);
    }

    @Test
    void the_age_grows_while_the_file_is_bad_and_ends_when_it_is_good_again() throws Exception {
        FilePool pool = pool("a h:1\n");
        nextLook();
        assertThat(pool.age()).isLessThanOrEqualTo(SECOND);

        Files.writeString(file, "b\n");
        scheduler.advance(Duration.ofSeconds(30));
        assertThat(pool.age()).isGreaterThan(Duration.ofSeconds(28));
        Files.delete(file);
        scheduler.advance(Duration.ofSeconds(30));
        assertThat(pool.age()).isGreaterThan(Duration.ofSeconds(58));
        assertThat(ids(pool.membership())).containsExactly("a");
        Files.writeString(file, "b h:2\n");
        nextLook();

        assertThat(pool.age()).isLessThanOrEqualTo(SECOND);
        assertThat(pool.membership().server("b")).isPresent();
    }

    @Test
    void a_file_that_is_not_text_is_refused() throws Exception {
        Files.write(file, new byte[] {'a', ' ', 'h', ':', '1', ' ', 'x', '=', (byte) 0xff});

        assertThatThrownBy(() -> FilePool.open(context(), file, FilePool.Options.DEFAULTS))
                .hasMessage("file " + file + " is not UTF-8");
    }

    @Test
    void a_server_that_is_not_named_any_more_drains_until_the_listeners_let_go() throws Exception {
        FilePool pool = pool("a h:1\nb h:2\n");
        List<String> released = new ArrayList<>();
        CompletableFuture<DrainResult> letGo = new CompletableFuture<>();
        var unused = pool.subscribe(new PoolListener() {
            @Override
            public void changed(Membership membership) {}

            @Override
            public CompletionStage<DrainResult> release(Server server, Duration within) {
                released.add(server + " within " + within.toSeconds());
                return letGo;
            }
        });

        Files.writeString(file, "b h:2\n");
        nextLook();
        assertThat(pool.membership().server("a").orElseThrow().state()).isEqualTo(Server.State.DRAINING);
        assertThat(released).hasSize(1).allMatch(one -> one.startsWith("a[DRAINING") && one.endsWith("within 30"));
        scheduler.advance(Duration.ofSeconds(5));
        assertThat(pool.membership().server("a")).isPresent();
        letGo.complete(new DrainResult(1, 0));
        scheduler.runDue();

        assertThat(ids(pool.membership())).containsExactly("b");
    }

    @Test
    void a_drain_without_an_answer_ends_shortly_after_its_time_and_a_server_may_return_before() throws Exception {
        FilePool pool = pool("a h:1\nb h:2\nc h:3\n");
        long generation = generation(pool, "a");
        var unused = pool.subscribe(new PoolListener() {
            @Override
            public void changed(Membership membership) {}

            @Override
            public CompletionStage<DrainResult> release(Server server, Duration within) {
                return new CompletableFuture<>();
            }
        });

        Files.writeString(file, "c h:3\n");
        nextLook();
        Files.writeString(file, "c h:3\na h:1\n");
        nextLook();
        assertThat(pool.membership().server("a").orElseThrow().state()).isEqualTo(Server.State.READY);
        assertThat(generation(pool, "a")).isGreaterThanOrEqualTo(generation);
        scheduler.advance(Duration.ofSeconds(31));

        assertThat(ids(pool.membership())).containsExactly("a", "c");
    }

    @Test
    void it_is_opened_by_a_uri() throws Exception {
        Files.writeString(file, "a h:1\n");

        ServerPool pool = ServerPools.installed().open("file:" + file + "?poll-millis=50&drain-seconds=0", context());
        open.add(pool);
        assertThat(ids(pool.membership())).containsExactly("a");
        Files.write(file, "b h:1\n".getBytes(StandardCharsets.UTF_8));
        scheduler.advance(Duration.ofMillis(200));

        assertThat(ids(pool.membership()))
                .as("without a drain it is gone at once")
                .containsExactly("b");
        assertThatThrownBy(() -> ServerPools.installed().open("file:", context()))
                .hasMessageContaining("names no file");
        assertThatThrownBy(() -> ServerPools.installed().open("file:/no/such?poll-millis=x", context()))
                .hasMessageContaining("poll-millis");
        assertThatThrownBy(() -> ServerPools.installed().open("file:/no/such", context()))
                .hasMessage("file /no/such does not exist");
    }
}
