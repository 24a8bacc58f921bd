package io.github.lbkit.testkit.protection;

import io.github.lbkit.api.Failure;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.explain.OperatorOverride;
import java.time.Duration;

/** One thing that happens to a balancer: to its servers, its probes, its attempts, or time that passes. */
sealed interface Step {
    void run(World world);

    /** A server joins; without a new generation it is the instance that has left. */
    record Join(int slot, boolean sameGeneration) implements Step {
        @Override
        public void run(World world) {
            world.join(slot, sameGeneration);
        }
    }

    record Leave(int slot) implements Step {
        @Override
        public void run(World world) {
            world.leave(slot);
        }
    }

    record Becomes(int slot, Server.State state) implements Step {
        @Override
        public void run(World world) {
            world.becomes(slot, state);
        }
    }

    record Weighs(int slot, int weight) implements Step {
        @Override
        public void run(World world) {
            world.weighs(slot, weight);
        }
    }

    record Overrides(int slot, OperatorOverride value) implements Step {
        @Override
        public void run(World world) {
            world.override(slot, value);
        }
    }

    record Probes(int slot, boolean pass) implements Step {
        @Override
        public void run(World world) {
            world.probes(slot, pass);
        }
    }

    record Time(Duration passes) implements Step {
        @Override
        public void run(World world) {
            world.time(passes);
        }
    }

    /** An attempt begins and hangs, until another step ends it. */
    record Begin(long key, int thread) implements Step {
        @Override
        public void run(World world) {
            world.begin(key, thread);
        }
    }

    record Respond(int attempt, int thread) implements Step {
        @Override
        public void run(World world) {
            world.respond(attempt, thread);
        }
    }

    /** How an attempt ends; without a failure it ends well. */
    enum End {
        WELL,
        CONNECT,
        DISCONNECT,
        TIMEOUT,
        STATUS,
        OVERLOADED,
        ABANDONED;

        Failure failure() {
            return Failure.valueOf(name());
        }
    }

    /** Ends an attempt that is under way. */
    record Ends(int attempt, End how, int thread) implements Step {
        @Override
        public void run(World world) {
            world.end(attempt, how, thread);
        }
    }

    /** Ends an attempt that has ended. */
    record EndsAgain(int attempt, End how, int thread) implements Step {
        @Override
        public void run(World world) {
            world.endAgain(attempt, how, thread);
        }
    }

    /** Several attempts, one after the other, of which those on this server fail and the others are abandoned. */
    record Failing(int slot, int attempts, End how, int thread) implements Step {
        @Override
        public void run(World world) {
            world.failing(slot, attempts, how, thread);
        }
    }

    /** Several attempts on all servers that end well, slow on this one. */
    record Slow(int slot, int attempts, int thread) implements Step {
        @Override
        public void run(World world) {
            world.slow(slot, attempts, thread);
        }
    }
}
