package io.github.lbkit.docker.internal.lease;

import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.runtime.Scheduler;
import io.github.lbkit.docker.DockerOptions;
import io.github.lbkit.docker.internal.container.ContainerLauncher;
import io.github.lbkit.docker.internal.container.Images;
import io.github.lbkit.docker.internal.engine.Engine;
import io.github.lbkit.docker.internal.engine.Engines;

/**
 * The parts of a shared pool that exist from its opening to its end. Immutable.
 *
 * @param name the pool's name
 * @param scheduler the thread on which the pool's role is decided
 * @param publisher the publisher of the pool's memberships
 */
record PoolResources(
        String name,
        Engine engine,
        Images images,
        Lease lease,
        LeaseTimes times,
        Scheduler scheduler,
        MembershipPublisher publisher) {

    /** Opens the engine of these options, and creates the other parts. */
    static PoolResources open(PoolContext context, DockerOptions options, LeaseTimes times) {
        Engine engine = Engines.open(options.engine(), context);
        Images images = new Images(engine);
        Scheduler scheduler = context.runtimes().scheduler("pool-" + context.name() + "-lease");
        String me = ProcessIdentity.current() + " " + Long.toString(System.identityHashCode(engine), 36)
                + Long.toString(scheduler.now().toEpochMilli(), 36);
        Lease lease = new Lease(engine, images, options, context.name(), me);
        MembershipPublisher publisher = new MembershipPublisher(context.name(), scheduler);
        return new PoolResources(context.name(), engine, images, lease, times, scheduler, publisher);
    }

    /** Returns a launcher of containers with these options, which changes them only while the lease is held. */
    ContainerLauncher launcher(DockerOptions options) {
        return new ContainerLauncher(engine, images, options, name, lease);
    }

    /** Ends all parts; requests that wait for the pool fail with this exception. */
    void close(RuntimeException reason) {
        engine.close();
        publisher.close(reason);
        scheduler.close();
    }
}
