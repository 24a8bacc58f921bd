package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.internal.pool.PoolLog;
import io.github.lbkit.api.internal.pool.PoolLoop;

/**
 * The objects of one supervised pool that its parts share. Confined to the pool's loop.
 *
 * @param pool the name of the pool
 * @param loop the thread of the pool
 * @param log the log lines of the pool
 * @param launcher the launcher of the pool's instances
 * @param options the settings of the pool
 * @param slots the desired servers
 * @param publisher the publisher of memberships and events
 */
record PoolCore(
        String pool,
        PoolLoop loop,
        PoolLog log,
        Launcher launcher,
        SupervisedOptions options,
        Slots slots,
        PoolPublisher publisher) {}
