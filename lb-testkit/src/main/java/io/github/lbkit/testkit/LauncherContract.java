package io.github.lbkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.lbkit.api.pool.supervised.LaunchRequest;
import io.github.lbkit.api.pool.supervised.LaunchSpec;
import io.github.lbkit.api.pool.supervised.LaunchedInstance;
import io.github.lbkit.api.pool.supervised.Launcher;
import io.github.lbkit.api.pool.supervised.LauncherListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The laws of a {@link Launcher}. A test of a launcher extends this suite:
 *
 * <pre>{@code
 * class MyLauncherTest extends LauncherContract {
 *     @Override
 *     protected Launcher open() {
 *         return new MyLauncher("test");
 *     }
 *
 *     @Override
 *     protected void kill(Launched launched) {
 *         platform.kill(launched.name()); // without the launcher
 *     }
 * }
 * }</pre>
 */
public abstract class LauncherContract {
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final List<Launcher> opened = new ArrayList<>();
    private long generations = 1_000;

    /** Creates the suite. */
    protected LauncherContract() {}

    /**
     * Opens a launcher of a pool without instances; after the previous launcher was closed, a launcher of the same
     * pool.
     */
    protected abstract Launcher open() throws Exception;

    /** Ends an instance without the launcher, as a crash does. */
    protected abstract void kill(LaunchedInstance launched) throws Exception;

    /** Returns another spec that the launcher can launch; empty if it supports its own spec alone. */
    protected Optional<LaunchSpec> otherSpec() {
        return Optional.empty();
    }

    /** Returns the wait of the tests, in real time by default. */
    protected Await await() {
        return Await.inRealTime();
    }

    /** Opens a launcher that is closed after the test. */
    protected final Launcher launcher() throws Exception {
        Launcher launcher = open();
        opened.add(launcher);
        return launcher;
    }

    /** Returns a launch request for a server with a new generation. */
    protected final LaunchRequest request(String id) {
        long generation = ++generations;
        return new LaunchRequest(
                id, generation, id.toLowerCase(Locale.ROOT) + "-" + generation, false, Map.of("a", "1"));
    }

    /** Terminates all instances and closes all launchers of the test. */
    @AfterEach
    public final void terminateAll() {
        if (!opened.isEmpty()) {
            Launcher newest = opened.get(opened.size() - 1);
            for (LaunchedInstance launched : await().value(newest.list())) {
                await().value(newest.terminate(launched.id(), launched.generation(), Duration.ZERO));
            }
        }
        opened.forEach(Launcher::close);
    }

    /** Law: a launched instance must have an address, and the id, generation, name and spec hash of its request. */
    @Test
    public void a_launch_completes_with_an_address() throws Exception {
        Launcher launcher = launcher();
        LaunchRequest request = request("S1");

        LaunchedInstance launched = await().value(launcher.launch(request));

        assertThat(launched.address()).isPresent();
        assertThat(launched.id()).isEqualTo("S1");
        assertThat(launched.generation()).isEqualTo(request.generation());
        assertThat(launched.name()).isEqualTo(request.name());
        assertThat(launched.specHash()).isEqualTo(launcher.specHash());
    }

    /** Law: the list must contain every launched instance with its labels and its own address. */
    @Test
    public void a_launched_instance_is_listed() throws Exception {
        Launcher launcher = launcher();
        LaunchedInstance one = await().value(launcher.launch(request("S1")));
        LaunchedInstance two = await().value(launcher.launch(request("S2")));

        List<LaunchedInstance> list = await().value(launcher.list());

        assertThat(list).extracting(LaunchedInstance::name).containsExactlyInAnyOrder(one.name(), two.name());
        assertThat(list).allMatch(launched -> launched.labels().equals(Map.of("a", "1")));
        assertThat(list).extracting(LaunchedInstance::address).doesNotHaveDuplicates();
    }

    /** Law: two instances of one server must be able to run at the same time, and to be terminated separately. */
    @Test
    public void one_server_may_have_two_instances() throws Exception {
        Launcher launcher = launcher();
        LaunchedInstance old = await().value(launcher.launch(request("S1")));
        LaunchedInstance young = await().value(launcher.launch(request("S1")));

        await().value(launcher.terminate("S1", old.generation(), GRACE));

        assertThat(await().value(launcher.list()))
                .extracting(LaunchedInstance::generation)
                .containsExactly(young.generation());
    }

    /** Law: an instance must be gone when its termination completes; terminating it again must succeed. */
    @Test
    public void a_terminated_instance_is_gone_and_may_be_terminated_again() throws Exception {
        Launcher launcher = launcher();
        LaunchedInstance launched = await().value(launcher.launch(request("S1")));

        await().value(launcher.terminate("S1", launched.generation(), GRACE));

        assertThat(await().value(launcher.list())).isEmpty();
        await().value(launcher.terminate("S1", launched.generation(), GRACE));
    }

    /** Law: concurrent terminations of one instance must all complete. */
    @Test
    public void an_instance_may_be_terminated_twice_at_once() throws Exception {
        Launcher launcher = launcher();
        LaunchedInstance launched = await().value(launcher.launch(request("S1")));

        var first = launcher.terminate("S1", launched.generation(), GRACE);
        var second = launcher.terminate("S1", launched.generation(), Duration.ZERO);

        await().value(first);
        await().value(second);
    }

    /** Law: terminating an instance that never existed must succeed. */
    @Test
    public void terminating_an_unknown_instance_succeeds() throws Exception {
        await().value(launcher().terminate("unknown", 1, GRACE));
    }

    /** Law: terminating an instance in launch must end its launch. */
    @Test
    public void a_launch_in_progress_can_be_terminated() throws Exception {
        Launcher launcher = launcher();
        LaunchRequest request = request("S1");

        var launch = launcher.launch(request);
        var terminated = launcher.terminate("S1", request.generation(), GRACE);

        await().value(terminated);
        await().until("the launch completes", () -> launch.toCompletableFuture().isDone());
        assertThat(await().value(launcher.list())).isEmpty();
    }

    /** Law: an exit must be reported to all subscribed listeners, even if some throw, and to no closed subscription. */
    @Test
    public void an_exit_is_reported_to_all_listeners() throws Exception {
        Launcher launcher = launcher();
        LaunchedInstance launched = await().value(launcher.launch(request("S1")));
        List<String> reported = new CopyOnWriteArrayList<>();
        List<String> unsubscribed = new CopyOnWriteArrayList<>();
        launcher.watch(listener(unsubscribed)).close();
        var throwing = launcher.watch((id, generation, detail) -> {
            throw new IllegalStateException("an exception of a listener that the test injected");
        });
        var throwingError = launcher.watch((id, generation, detail) -> {
            throw new NoClassDefFoundError("an Error of a listener that the test injected");
        });
        var subscription = launcher.watch(listener(reported));

        kill(launched);
        await().until("the exit is reported", () -> !reported.isEmpty());

        assertThat(reported).contains("S1 " + launched.generation());
        assertThat(unsubscribed).as("reports to a closed subscription").isEmpty();
        assertThat(await().value(launcher.list())).isEmpty();
        throwing.close();
        throwingError.close();
        subscription.close();
    }

    /** Law: the spec hash must not be blank and must not change. */
    @Test
    public void the_spec_hash_does_not_change() throws Exception {
        Launcher launcher = launcher();

        String before = launcher.specHash();
        await().value(launcher.launch(request("S1")));

        assertThat(before).isNotBlank().isEqualTo(launcher.specHash());
    }

    /** Law: a launch that names the launcher's own spec must equal one that names no spec. */
    @Test
    public void a_launch_may_name_the_launchers_own_spec() throws Exception {
        Launcher launcher = launcher();

        assertThat(launcher.launches(launcher.spec())).isTrue();
        assertThat(launcher.spec().hash()).isEqualTo(launcher.specHash());
        assertThat(await().value(launcher.launch(request("S1"), launcher.spec()))
                        .specHash())
                .isEqualTo(launcher.specHash());
    }

    /** Law: instances of two specs must run side by side, and the next owner must see the spec hash of each. */
    @Test
    public void an_instance_of_another_spec_keeps_its_hash_for_the_next_owner() throws Exception {
        Launcher first = launcher();
        LaunchSpec other = otherSpec().orElse(first.spec());
        assertThat(first.launches(other)).isTrue();
        LaunchedInstance old = await().value(first.launch(request("S1")));
        LaunchedInstance young = await().value(first.launch(request("S1"), other));
        assertThat(young.specHash()).isEqualTo(other.hash());
        first.close();

        List<LaunchedInstance> found = await().value(launcher().list());

        assertThat(found)
                .extracting(LaunchedInstance::generation, LaunchedInstance::specHash)
                .containsExactlyInAnyOrder(
                        tuple(old.generation(), old.specHash()), tuple(young.generation(), other.hash()));
        assertThat(old.specHash().equals(other.hash())).isEqualTo(otherSpec().isEmpty());
    }

    /** Law: a second launch of one generation must fail and must not disturb the first. */
    @Test
    public void the_same_generation_is_not_launched_twice() throws Exception {
        Launcher launcher = launcher();
        LaunchRequest request = request("S1");
        await().value(launcher.launch(request));

        var again = launcher.launch(request);

        assertThatThrownBy(() -> await().value(again)).isInstanceOf(RuntimeException.class);
        assertThat(await().value(launcher.list())).hasSize(1);
    }

    /** Law: the next owner must find running instances with their addresses, and must receive their exits. */
    @Test
    public void the_next_owner_finds_watches_and_terminates_existing_instances() throws Exception {
        Launcher first = launcher();
        LaunchedInstance one = await().value(first.launch(request("S1")));
        LaunchedInstance two = await().value(first.launch(request("S2")));
        first.close();
        first.close();

        Launcher second = launcher();
        List<String> reported = new CopyOnWriteArrayList<>();
        var subscription = second.watch(listener(reported));
        List<LaunchedInstance> found = await().value(second.list());
        kill(two);
        await().until("the exit is reported", () -> !reported.isEmpty());
        await().value(second.terminate("S1", one.generation(), GRACE));

        assertThat(found).extracting(LaunchedInstance::address).containsExactlyInAnyOrder(one.address(), two.address());
        assertThat(found).extracting(LaunchedInstance::specHash).containsOnly(one.specHash());
        assertThat(reported).contains("S2 " + two.generation());
        assertThat(await().value(second.list())).isEmpty();
        subscription.close();
    }

    private static LauncherListener listener(List<String> reported) {
        return (id, generation, detail) -> reported.add(id + " " + generation);
    }
}
