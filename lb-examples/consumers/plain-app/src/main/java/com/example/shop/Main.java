package com.example.shop;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Proves {@link ShopProxy}: three servers behind it, 100 sessions of five requests each; every session stays where it is. */
public final class Main {
    private static final int SESSIONS = 100;

    private Main() {}

    public static void main(String[] args) {
        try {
            System.exit(proved() ? 0 : 1);
        } catch (Throwable e) {
            e.printStackTrace();
            System.exit(1); // whatever still runs
        }
    }

    private static boolean proved() throws Exception {
        List<HttpServer> servers = new ArrayList<>();
        List<String> urls = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            HttpServer server = server("S" + i);
            servers.add(server);
            urls.add("S" + i + "=http://127.0.0.1:" + server.getAddress().getPort());
        }
        Printed printed = new Printed(System.out);
        System.setOut(printed);
        Thread proxy = new Thread(() -> run(String.join(",", urls)), "shop");
        proxy.setDaemon(true);
        proxy.start();
        String where = printed.first.get(20, TimeUnit.SECONDS);

        HttpClient client = HttpClient.newHttpClient();
        URI url = URI.create("http://127.0.0.1:" + where.substring(where.lastIndexOf(':') + 1) + "/");
        Map<String, Set<String>> bySession = new HashMap<>();
        Map<String, Integer> requests = new TreeMap<>();
        for (int i = 0; i < 5 * SESSIONS; i++) {
            String session = "user-" + i % SESSIONS;
            String server = ask(client, url, session);
            bySession.computeIfAbsent(session, s -> new TreeSet<>()).add(server);
            requests.merge(server, 1, Integer::sum);
        }
        proxy.interrupt();
        proxy.join(60_000); // a stop waits up to its ten seconds for a client that keeps its connection
        boolean ownWorks = own(client, "static:" + String.join(",", urls));
        servers.forEach(s -> s.stop(0));

        long moved = bySession.values().stream().filter(s -> s.size() > 1).count();
        String path = ShopProxy.class.getModule().isNamed() ? "module path" : "class path";
        System.out.println("on the " + path + ": " + 5 * SESSIONS + " requests, by server " + requests + "; of "
                + bySession.size() + " sessions " + moved + " moved");
        return ownWorks && moved == 0 && requests.size() == 3 && !proxy.isAlive();
    }

    /** Checks that the guide's balancer sends a session to the server that it names, and elsewhere while that server is held back. */
    private static boolean own(HttpClient client, String poolUri) throws Exception {
        try (OwnBalancer own = new OwnBalancer(poolUri)) {
            URI url = URI.create("http://127.0.0.1:" + own.address().getPort() + "/");
            String version = ask(client, url.resolve("/version"), "user-17");
            String where = ask(client, url, "user-17");
            String why = own.explain("user-17");
            own.maintain(where, true);
            String other = ask(client, url, "user-17");
            own.maintain(where, false);
            String again = ask(client, url, "user-17");
            System.out.println(version + ": " + why + "; while it was held back, " + other + " did");
            return why.startsWith(where) && !other.equals(where) && again.equals(where);
        }
    }

    /** The output of the shop and its first line, which has the address. */
    private static final class Printed extends PrintStream {
        final CompletableFuture<String> first = new CompletableFuture<>();

        Printed(PrintStream console) {
            super(console, true);
        }

        @Override
        public void println(String line) {
            super.println(line);
            first.complete(line);
        }
    }

    private static void run(String urls) {
        try {
            ShopProxy.main(new String[] {urls, "0"});
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // stopped
        } catch (Exception e) {
            e.printStackTrace();
        }
    }

    private static HttpServer server(String name) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = name.getBytes();
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static String ask(HttpClient client, URI url, String session) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(url).header("Cookie", "session=" + session).build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IllegalStateException(response.statusCode() + " " + response.body());
        }
        return response.body();
    }
}
