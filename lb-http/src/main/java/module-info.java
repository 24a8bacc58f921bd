/** An HTTP/1.1 reverse proxy on its own event loops. */
module io.github.lbkit.http {
    requires transitive io.github.lbkit.api;
    requires static org.jspecify;
    requires org.slf4j;

    exports io.github.lbkit.http;
}
