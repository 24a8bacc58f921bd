package com.example.lines;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.health.Ejection;
import io.github.lbkit.api.policy.Policies;
import io.github.lbkit.api.pool.StaticPool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Proves {@link LineClient}: 300 lines to three servers, one of which ends after 100; every line is answered. */
public final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
        List<LineServer> running = new ArrayList<>();
        List<Server> servers = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            LineServer server = new LineServer("L" + i);
            running.add(server);
            servers.add(Server.ready(
                    server.name, new Instance(server.name, Address.of("127.0.0.1", server.port()), 1)));
        }
        Map<String, Integer> before = new TreeMap<>();
        Map<String, Integer> after = new TreeMap<>();
        // compose
        try (StaticPool pool = StaticPool.of("lines", Runtimes.system(), servers);
                LoadBalancer balancer = LoadBalancer.builder(pool, Policies.named("round-robin", Map.of()))
                        .ejection(Ejection.DEFAULTS)
                        .build()) {
            LineClient client = new LineClient(balancer);
            // composed
            for (int i = 0; i < 300; i++) {
                if (i == 100) {
                    running.get(0).close();
                }
                String answer = client.ask("line " + i);
                if (!answer.endsWith(" line " + i)) {
                    throw new IOException("wrong answer: " + answer);
                }
                (i < 100 ? before : after).merge(answer.substring(0, 2), 1, Integer::sum);
            }
        }
        for (LineServer server : running) {
            server.close();
        }
        System.out.println("300 lines answered; the first 100 by " + before + ", the others, without L1, by " + after);
        if (before.size() != 3 || after.size() != 2 || after.containsKey("L1")) {
            System.exit(1);
        }
    }
}
