package com.example.boot;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server of orders on a port of its own. GET is answered with an order as JSON, POST with the body of the request.
 * Thread-safe.
 */
final class OrderServer implements AutoCloseable {
    static final String ORDER = "{\"id\":7,\"item\":\"tea\"}";

    private final HttpServer http;
    private final AtomicInteger orders = new AtomicInteger();
    private volatile int orderStatus = 200;
    private volatile int healthStatus = 200;

    private OrderServer(HttpServer http) {
        this.http = http;
    }

    static OrderServer start() throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        OrderServer server = new OrderServer(http);
        http.createContext("/orders", server::order);
        http.createContext("/health", server::health);
        http.start();
        return server;
    }

    String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    /** Returns the number of requests for orders that have arrived; probes are not counted. */
    int orders() {
        return orders.get();
    }

    /** Answers requests for orders with 503 from now on. */
    void failOrders() {
        orderStatus = 503;
    }

    /** Answers probes with 503 from now on. */
    void failProbes() {
        healthStatus = 503;
    }

    /** Closes the port and every connection at once, whatever is in flight. */
    @Override
    public void close() {
        http.stop(0);
    }

    private void order(HttpExchange exchange) throws IOException {
        orders.incrementAndGet();
        byte[] sent = exchange.getRequestBody().readAllBytes();
        answer(exchange, orderStatus, exchange.getRequestMethod().equals("GET") ? ORDER.getBytes(UTF_8) : sent);
    }

    private void health(HttpExchange exchange) throws IOException {
        answer(exchange, healthStatus, "{}".getBytes(UTF_8));
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
