package io.github.lbkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.lbkit.api.pool.supervised.LaunchRequest;
import io.github.lbkit.api.pool.supervised.LaunchSpec;
import io.github.lbkit.api.pool.supervised.Launched;
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
 * What every {@link Launcher} promises. A launcher's own test extends this and says how a launcher is opened and how an
 * instance is killed from outside.
 */
public abstract class LauncherContract {
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final List<Launcher> opened = new ArrayList<>();
    private long generations = 1_000;

    /** For subclasses. */
    protected LauncherContract() {}

    /** A launcher of a pool that nothing runs in, or of the same pool once more when the one before was closed. */
    protected abstract Launcher open() throws Exception;

    /** Ends an instance behind the launcher's back. */
    protected abstract void kill(Launched launched) throws Exception;

    /** Another spec of the launcher's kind; none for a launcher that knows its own alone. */
    protected Optional<LaunchSpec> otherSpec() {
        return Optional.empty();
    }

    /** How time passes while something is awaited; in real time unless overridden. */
    protected Await await() {
        return Await.inRealTime();
    }

    /** A new launcher, closed after the test. */
    protected final Launcher launcher() throws Exception {
        Launcher launcher = open();
        opened.add(launcher);
        return launcher;
    }

    /** A request for this server with a generation of its own. */
    protected final LaunchRequest request(String id) {
        long generation = ++generations;
        return new LaunchRequest(
                id, generation, id.toLowerCase(Locale.ROOT) + "-" + generation, false, Map.of("a", "1"));
    }

    /** Ends everything that the newest launcher still knows. */
    @AfterEach
    public final void endEverything() {
        if (!opened.isEmpty()) {
            Launcher newest = opened.get(opened.size() - 1);
            for (Launched launched : await().value(newest.list())) {
                await().value(newest.terminate(launched.id(), launched.generation(), Duration.ZERO));
            }
        }
        opened.forEach(Launcher::close);
    }

    /** A launched instance is what was asked for, and has an address. */
    @Test
    public void a_launch_completes_with_an_address() throws Exception {
        Launcher launcher = launcher();
        LaunchRequest request = request("S1");

        Launched launched = await().value(launcher.launch(request));

        assertThat(launched.address()).isPresent();
        assertThat(launched.id()).isEqualTo("S1");
        assertThat(launched.generation()).isEqualTo(request.generation());
        assertThat(launched.name()).isEqualTo(request.name());
        assertThat(launched.specHash()).isEqualTo(launcher.specHash());
    }

    /** The list tells all that was launched, with what it was launched by. */
    @Test
    public void a_launched_instance_is_listed() throws Exception {
        Launcher launcher = launcher();
        Launched one = await().value(launcher.launch(request("S1")));
        Launched two = await().value(launcher.launch(request("S2")));

        List<Launched> list = await().value(launcher.list());

        assertThat(list).extracting(Launched::name).containsExactlyInAnyOrder(one.name(), two.name());
        assertThat(list).allMatch(launched -> launched.labels().equals(Map.of("a", "1")));
        assertThat(list).extracting(Launched::address).doesNotHaveDuplicates();
    }

    /** Two instances of one server may run at once. */
    @Test
    public void one_server_may_have_two_instances() throws Exception {
        Launcher launcher = launcher();
        Launched old = await().value(launcher.launch(request("S1")));
        Launched young = await().value(launcher.launch(request("S1")));

        await().value(launcher.terminate("S1", old.generation(), GRACE));

        assertThat(await().value(launcher.list()))
                .extracting(Launched::generation)
                .containsExactly(young.generation());
    }

    /** What was terminated is gone when the stage completes, and being gone is no failure. */
    @Test
    public void a_terminated_instance_is_gone_and_may_be_terminated_again() throws Exception {
        Launcher launcher = launcher();
        Launched launched = await().value(launcher.launch(request("S1")));

        await().value(launcher.terminate("S1", launched.generation(), GRACE));

        assertThat(await().value(launcher.list())).isEmpty();
        await().value(launcher.terminate("S1", launched.generation(), GRACE));
    }

    /** Terminations of one instance that overlap all complete. */
    @Test
    public void an_instance_may_be_terminated_twice_at_once() throws Exception {
        Launcher launcher = launcher();
        Launched launched = await().value(launcher.launch(request("S1")));

        var first = launcher.terminate("S1", launched.generation(), GRACE);
        var second = launcher.terminate("S1", launched.generation(), Duration.ZERO);

        await().value(first);
        await().value(second);
    }

    /** What never was is gone. */
    @Test
    public void terminating_what_never_existed_succeeds() throws Exception {
        await().value(launcher().terminate("nobody", 1, GRACE));
    }

    /** A launch under way ends with its termination. */
    @Test
    public void a_launch_under_way_can_be_terminated() throws Exception {
        Launcher launcher = launcher();
        LaunchRequest request = request("S1");

        var launch = launcher.launch(request);
        var terminated = launcher.terminate("S1", request.generation(), GRACE);

        await().value(terminated);
        await().until(
                        "the launch has an end",
                        () -> launch.toCompletableFuture().isDone());
        assertThat(await().value(launcher.list())).isEmpty();
    }

    /** A death is told to all who watch, once they watch and until they do not. */
    @Test
    public void a_death_is_told_to_all_who_watch() throws Exception {
        Launcher launcher = launcher();
        Launched launched = await().value(launcher.launch(request("S1")));
        List<String> told = new CopyOnWriteArrayList<>();
        List<String> toldLess = new CopyOnWriteArrayList<>();
        launcher.watch(listener(toldLess)).close();
        var broken = launcher.watch((id, generation, detail) -> {
            throw new IllegalStateException("a listener that throws, as the test wants it");
        });
        var worse = launcher.watch((id, generation, detail) -> {
            throw new NoClassDefFoundError("thrown, as the test wants it");
        });
        var subscription = launcher.watch(listener(told));

        kill(launched);
        await().until("the death is told", () -> !told.isEmpty());

        assertThat(told).contains("S1 " + launched.generation());
        assertThat(toldLess).isEmpty();
        assertThat(await().value(launcher.list())).isEmpty();
        broken.close();
        worse.close();
        subscription.close();
    }

    /** The hash names what is launched: it stays the same. */
    @Test
    public void the_spec_hash_stays_the_same() throws Exception {
        Launcher launcher = launcher();

        String before = launcher.specHash();
        await().value(launcher.launch(request("S1")));

        assertThat(before).isNotBlank().isEqualTo(launcher.specHash());
    }

    /** Its own spec is one that it launches, and the same as if none were named. */
    @Test
    public void its_own_spec_may_be_named() throws Exception {
        Launcher launcher = launcher();

        assertThat(launcher.launches(launcher.spec())).isTrue();
        assertThat(launcher.spec().hash()).isEqualTo(launcher.specHash());
        assertThat(await().value(launcher.launch(request("S1"), launcher.spec()))
                        .specHash())
                .isEqualTo(launcher.specHash());
    }

    /** Instances of two specs run side by side, and everyone can tell which is which, the next owner, too. */
    @Test
    public void an_instance_of_another_spec_tells_its_hash_also_to_the_next_owner() throws Exception {
        Launcher first = launcher();
        LaunchSpec other = otherSpec().orElse(first.spec());
        assertThat(first.launches(other)).isTrue();
        Launched old = await().value(first.launch(request("S1")));
        Launched young = await().value(first.launch(request("S1"), other));
        assertThat(young.specHash()).isEqualTo(other.hash());
        first.close();

        List<Launched> found = await().value(launcher().list());

        assertThat(found)
                .extracting(Launched::generation, Launched::specHash)
                .containsExactlyInAnyOrder(
                        tuple(old.generation(), old.specHash()), tuple(young.generation(), other.hash()));
        assertThat(old.specHash().equals(other.hash())).isEqualTo(otherSpec().isEmpty());
    }

    /** A generation is launched once. */
    @Test
    public void the_same_generation_is_not_launched_twice() throws Exception {
        Launcher launcher = launcher();
        LaunchRequest request = request("S1");
        await().value(launcher.launch(request));

        var again = launcher.launch(request);

        assertThatThrownBy(() -> await().value(again)).isInstanceOf(RuntimeException.class);
        assertThat(await().value(launcher.list())).hasSize(1);
    }

    /** The next owner finds what this one leaves, with its address, and hears of its death. */
    @Test
    public void the_next_owner_finds_watches_and_ends_what_was_left() throws Exception {
        Launcher first = launcher();
        Launched one = await().value(first.launch(request("S1")));
        Launched two = await().value(first.launch(request("S2")));
        first.close();
        first.close();

        Launcher second = launcher();
        List<String> told = new CopyOnWriteArrayList<>();
        var subscription = second.watch(listener(told));
        List<Launched> found = await().value(second.list());
        kill(two);
        await().until("the death is told", () -> !told.isEmpty());
        await().value(second.terminate("S1", one.generation(), GRACE));

        assertThat(found).extracting(Launched::address).containsExactlyInAnyOrder(one.address(), two.address());
        assertThat(found).extracting(Launched::specHash).containsOnly(one.specHash());
        assertThat(told).contains("S2 " + two.generation());
        assertThat(await().value(second.list())).isEmpty();
        subscription.close();
    }

    private static LauncherListener listener(List<String> told) {
        return (id, generation, detail) -> told.add(id + " " + generation);
    }
}
