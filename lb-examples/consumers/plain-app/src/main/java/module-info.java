/** A shop's reverse proxy. */
module com.example.shop {
    requires io.github.lbkit.hashing;
    requires io.github.lbkit.http;
    requires java.net.http;
    requires jdk.httpserver;
}
