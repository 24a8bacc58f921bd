/** Consistent hashing: pure functions of membership and key. */
module io.github.lbkit.hashing {
    requires transitive io.github.lbkit.api;
    requires static org.jspecify;
}
