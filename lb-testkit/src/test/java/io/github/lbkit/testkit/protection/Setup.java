package io.github.lbkit.testkit.protection;

/**
 * The settings of one balancer under test.
 *
 * @param policy {@code table}, {@code in-order}, {@code round-robin}, {@code random} or {@code least-requests}
 * @param loadCounters 1, 2 or 8; 1 where a setting reads loads
 * @param maxShare the greatest share of servers that may be ejected
 * @param failOpenThreshold the share of fit servers below which health is ignored
 * @param probes whether instances are probed
 * @param initiallyHealthy what is thought of an instance before its first probe
 * @param warmUp whether servers warm up
 * @param latency whether slow servers are ejected
 * @param serverCap how many attempts one server may have in flight; 0 for any number
 * @param poolCap how many attempts all servers may have in flight; 0 for any number
 * @param loadFactor the factor of bounded load; 0 for none
 */
record Setup(
        String policy,
        int loadCounters,
        double maxShare,
        double failOpenThreshold,
        boolean probes,
        boolean initiallyHealthy,
        boolean warmUp,
        boolean latency,
        int serverCap,
        int poolCap,
        double loadFactor) {
    Setup {
        boolean readsLoad = policy.equals("least-requests") || serverCap > 0 || loadFactor > 0;
        loadCounters = readsLoad ? 1 : loadCounters;
    }
}
