/** Contract suites, fakes, fault injection and simulation for tests of pools, launchers, policies and routers. */
module io.github.lbkit.testkit {
    requires transitive io.github.lbkit.api;
    requires transitive net.jqwik.api;
    requires transitive org.assertj.core;
    requires transitive org.junit.jupiter.api;
    requires static org.jspecify;

    exports io.github.lbkit.testkit;
    exports io.github.lbkit.testkit.docker;
    exports io.github.lbkit.testkit.fault;
    exports io.github.lbkit.testkit.sim;
    exports io.github.lbkit.testkit.tls;
}
