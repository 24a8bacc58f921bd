/**
 * An HTTP/1.1 reverse proxy on its own event loops, a health probe, and client-side balancing for Apache HttpClient.
 */
module io.github.lbkit.http {
    requires transitive io.github.lbkit.api;
    requires java.naming;
    requires jdk.net; // for HttpCore, an automatic module, which cannot say what it needs
    requires static org.jspecify;
    requires transitive org.apache.httpcomponents.client5.httpclient5;
    requires transitive org.apache.httpcomponents.core5.httpcore5;
    requires org.apache.httpcomponents.core5.httpcore5.h2;
    requires org.slf4j;

    exports io.github.lbkit.http;
}
