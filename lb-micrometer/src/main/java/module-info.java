/** Metrics of a balancer and its pool for Micrometer. */
module io.github.lbkit.micrometer {
    requires transitive io.github.lbkit.api;
    requires static org.jspecify;
    requires transitive micrometer.core;

    exports io.github.lbkit.micrometer;
}
