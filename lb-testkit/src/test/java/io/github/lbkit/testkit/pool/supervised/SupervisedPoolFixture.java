package io.github.lbkit.testkit.pool.supervised;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.DrainResult;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.PoolChangeRefusedException;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.pool.supervised.LaunchedInstance;
import io.github.lbkit.api.pool.supervised.RolloutOptions;
import io.github.lbkit.api.pool.supervised.SupervisedOptions;
import io.github.lbkit.api.pool.supervised.SupervisedPool;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.api.runtime.Scheduler;
import io.github.lbkit.testkit.FakeLauncher;
import io.github.lbkit.testkit.FakePlatform;
import io.github.lbkit.testkit.FakePlatform.LaunchBehaviour;
import io.github.lbkit.testkit.ManualScheduler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** A supervised pool over a fake platform, its owners one after the other, and what must be true of them at any moment. */
final class SupervisedPoolFixture {
    static final Duration DRAIN = Duration.ofSeconds(3);

    final ManualScheduler scheduler = new ManualScheduler();
    final FakePlatform platform = new FakePlatform(scheduler);
    final List<PoolEvent> events = new ArrayList<>();
    final List<Membership> heard = new ArrayList<>();
    final List<Server> released = new ArrayList<>();
    final List<PoolChangeRefusedException.Reason> refusals = new ArrayList<>();
    final SupervisedOptions.Builder options;
    String spec = "spec-1";

    /** How far the wall clock of the next owner is from that of the platform. */
    Duration clockError = Duration.ZERO;

    FakeLauncher launcher;
    SupervisedPool pool;

    /** Whether nobody lies and no owner crashes, so that there never is more than there may be. */
    boolean checkSurplus;

    private final Random random = new Random(42);
    private final List<Scheduler> schedulers = new ArrayList<>();
    private final Map<Integer, LaunchBehaviour> behaviours = new HashMap<>();
    private final Map<String, Long> releasedAt = new HashMap<>();
    private final Set<String> lost = new HashSet<>();
    private final List<CompletableFuture<?>> questions = new ArrayList<>();
    private final Map<String, Integer> replacing = new HashMap<>();
    private int replacingAll;
    private int rollingOut;

    /** The greatest surge of the rollouts that a test asks for. */
    int surge = 1;

    private boolean crashed;

    SupervisedPoolFixture() {
        this(options());
    }

    SupervisedPoolFixture(SupervisedOptions.Builder options) {
        this.options = options;
        launcher = platform.newLauncher(spec);
        pool = open();
    }

    static SupervisedOptions.Builder options() {
        return SupervisedOptions.builder()
                .servers(3)
                .maxServers(12)
                .drainTimeout(DRAIN)
                .replacementPrefix("emergency_")
                .admission(members -> {
                    if (members.stream().anyMatch(member -> member.id().equals("unwelcome"))) {
                        throw new IllegalArgumentException("no place for it");
                    }
                });
    }

    /** A stage whose servers are ready, and that has forgotten what it heard so far. */
    static SupervisedPoolFixture ready(SupervisedOptions.Builder options) {
        SupervisedPoolFixture stage = new SupervisedPoolFixture(options);
        stage.pass(Duration.ofSeconds(1));
        stage.heard.clear();
        stage.events.clear();
        return stage;
    }

    static SupervisedPoolFixture ready() {
        return ready(options());
    }

    Server.State state(String id) {
        return pool.membership().server(id).orElseThrow().state();
    }

    LaunchedInstance running(String id) {
        return platform.running(id).orElseThrow();
    }

    void kill(String id) {
        platform.kill(id, running(id).generation());
    }

    /** The answer, which has come. */
    static PoolChange now(CompletionStage<PoolChange> change) {
        CompletableFuture<PoolChange> done = change.toCompletableFuture();
        assertThat(done).isCompleted();
        return done.join();
    }

    private SupervisedPool open() {
        crashed = false;
        questions.clear();
        replacing.clear();
        replacingAll = 0;
        rollingOut = 0;
        Runtimes runtimes = name -> {
            Scheduler own = new SkewedClock(scheduler.asRuntimes().scheduler(name), clockError);
            schedulers.add(own);
            return own;
        };
        Random draws = new Random(random.nextLong());
        SupervisedPool opened = SupervisedPool.open(
                new PoolContext("stage", runtimes, Path.of("unused")),
                launcher,
                options.probe(launcher.probe()).random(draws::nextLong).build());
        var unused = opened.subscribe(new Listener());
        return opened;
    }

    void crash() {
        launcher.disconnect();
        schedulers.forEach(Scheduler::close);
        crashed = true;
        openIfCrashed();
    }

    void crashAtCall(int number) {
        launcher.disconnectAfterCall(number, () -> {
            schedulers.forEach(Scheduler::close);
            crashed = true;
        });
    }

    /** No owner crashes any more, and one that has is followed by another. */
    void settleDown() {
        launcher.disconnectAfterCall(Integer.MAX_VALUE, () -> {});
        platform.clearFaults();
        openIfCrashed();
    }

    void openIfCrashed() {
        if (crashed) {
            launcher = platform.newLauncher(spec);
            pool = open();
        }
    }

    <T> CompletionStage<T> ask(CompletionStage<T> question) {
        CompletableFuture<T> asked = question.toCompletableFuture();
        questions.add(asked);
        var unused = asked.whenComplete((answer, e) -> {
            Throwable cause = e instanceof CompletionException ? e.getCause() : e;
            if (cause instanceof PoolChangeRefusedException refused) {
                refusals.add(refused.reason());
            } else {
                assertThat(cause).isNull();
            }
        });
        return asked;
    }

    void replace(int which) {
        List<String> desired = pool.desired();
        if (!desired.isEmpty()) {
            String id = desired.get(which % desired.size());
            replacing.merge(id, 1, Integer::sum);
            var unused = ask(pool.replace(id)).whenComplete((c, e) -> replacing.merge(id, -1, Integer::sum));
        }
    }

    void replaceAll() {
        replacingAll++;
        var unused = ask(pool.replaceAll()).whenComplete((c, e) -> replacingAll--);
    }

    CompletionStage<PoolChange> rollOut(String spec) {
        return rollOut(spec, RolloutOptions.DEFAULTS.withSurge(surge));
    }

    CompletionStage<PoolChange> rollOut(String spec, RolloutOptions how) {
        rollingOut++;
        return ask(pool.rollOut(() -> spec, how)).whenComplete((c, e) -> rollingOut--);
    }

    void kill(int which) {
        List<LaunchedInstance> running = running();
        if (!running.isEmpty()) {
            LaunchedInstance victim = running.get(which % running.size());
            platform.kill(victim.id(), victim.generation());
        }
    }

    void stall(String id) {
        platform.stall(id, running(id).generation());
    }

    void stall(int which) {
        List<LaunchedInstance> running = running();
        if (!running.isEmpty()) {
            LaunchedInstance victim = running.get(which % running.size());
            platform.stall(victim.id(), victim.generation());
        }
    }

    void slander(int which) {
        List<LaunchedInstance> running = running();
        if (!running.isEmpty()) {
            LaunchedInstance victim = running.get(which % running.size());
            platform.reportFalseExit(victim.id(), victim.generation());
        }
    }

    private List<LaunchedInstance> running() {
        return platform.instances().stream()
                .filter(l -> l.address().isPresent())
                .toList();
    }

    void behave(int group, LaunchBehaviour behaviour) {
        behaviours.put(group, behaviour);
        platform.onLaunch(
                request -> behaviours.getOrDefault(Math.floorMod(request.id().hashCode(), 4), LaunchBehaviour.STARTS));
    }

    /** Lets this much time pass, task by task. */
    void pass(Duration time) {
        boolean[] over = {false};
        scheduler.schedule(time, () -> over[0] = true);
        scheduler.runDue();
        check();
        while (!over[0]) {
            scheduler.advanceToNext();
            check();
        }
        openIfCrashed();
    }

    private void check() {
        if (!checkSurplus) {
            return;
        }
        assertThat(platform.notTerminated())
                .as("lost, and nobody has asked to stop it, at %s", scheduler.now())
                .noneMatch(launched -> lost.contains(key(launched)));
        Map<String, Integer> serving = new HashMap<>();
        for (LaunchedInstance launched : platform.notTerminated()) {
            Long since = releasedAt.get(key(launched));
            if (since == null) {
                serving.merge(launched.id(), 1, Integer::sum);
            } else {
                assertThat(Duration.ofNanos(scheduler.nanoTime() - since))
                        .as("drain of %s", launched)
                        .isLessThanOrEqualTo(DRAIN.plusMillis(500));
            }
        }
        List<String> desired = pool.desired();
        serving.forEach((id, count) -> {
            int more = replacing.getOrDefault(id, 0) > 0 || replacingAll > 0 || rollingOut > 0 ? 1 : 0;
            assertThat(count)
                    .as("instances of %s at %s: %s", id, scheduler.now(), platform.notTerminated())
                    .isLessThanOrEqualTo((desired.contains(id) ? 1 : 0) + more);
        });
        if (replacingAll == 0 && replacing.values().stream().allMatch(count -> count == 0)) {
            assertThat(serving.values().stream().mapToInt(count -> count - 1).sum())
                    .as("surge at %s: %s", scheduler.now(), platform.notTerminated())
                    .isLessThanOrEqualTo(surge);
        }
    }

    void assertConverged() {
        List<Server> servers = pool.membership().servers();
        assertThat(servers).extracting(Server::id).containsExactlyInAnyOrderElementsOf(pool.desired());
        assertThat(servers).allMatch(server -> server.state() == Server.State.READY);
        assertThat(platform.instances())
                .extracting(SupervisedPoolFixture::key)
                .containsExactlyInAnyOrderElementsOf(servers.stream()
                        .map(server -> server.id() + " "
                                + server.instance().orElseThrow().generation())
                        .toList());
        Set<String> numbers = new HashSet<>();
        servers.forEach(server -> numbers.add(String.valueOf(server.labels().get(SupervisedPool.NUMBER_LABEL))));
        assertThat(numbers).hasSameSizeAs(servers);
        assertThat(pool.ready().toCompletableFuture()).isCompleted();
    }

    private static String key(LaunchedInstance launched) {
        return launched.id() + " " + launched.generation();
    }

    void assertEveryQuestionAnswered() {
        assertThat(questions).allMatch(CompletableFuture::isDone);
    }

    /** Hears everything, and lets go at once, later, never or not at all. */
    private final class Listener implements PoolListener {
        private long version;

        @Override
        public void changed(Membership membership) {
            assertThat(membership.version()).isGreaterThan(version);
            version = membership.version();
            heard.add(membership);
        }

        @Override
        public CompletionStage<DrainResult> release(Server server, Duration within) {
            assertThat(server.state()).isEqualTo(Server.State.DRAINING);
            assertThat(within).isEqualTo(DRAIN);
            released.add(server);
            releasedAt.put(server.id() + " " + server.instance().orElseThrow().generation(), scheduler.nanoTime());
            CompletableFuture<DrainResult> answer = new CompletableFuture<>();
            switch (random.nextInt(4)) {
                case 0 -> answer.complete(DrainResult.NOTHING);
                case 1 -> scheduler.schedule(Duration.ofSeconds(1), () -> answer.complete(new DrainResult(2, 1)));
                case 2 -> answer.completeExceptionally(new IllegalStateException("a listener that fails"));
                default -> assertThat(answer).isNotDone();
            }
            return answer;
        }

        @Override
        public void happened(PoolEvent event) {
            events.add(event);
            if (event instanceof PoolEvent.Lost gone) {
                lost.add(gone.id() + " " + gone.generation());
            }
        }
    }
}
