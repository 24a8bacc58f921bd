package com.example.orders;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.explain.ServerStatus;
import io.github.lbkit.api.pool.StaticPool;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.web.client.RestClient;

/** Proves {@link BalancedClients}: of three servers one cuts every response short; 300 requests, none fails. */
@SpringBootApplication
public class Main {
    private static final int REQUESTS = 300;
    private static final ScriptedServer FIRST = ScriptedServer.start(answering("first"));
    private static final ScriptedServer SECOND = ScriptedServer.start(answering("second"));
    private static final ScriptedServer CUTTING = ScriptedServer.start(new ServerScript()
            .expectHead()
            .send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nth")
            .reset());

    @Bean
    ServerPool pool() {
        List<Server> servers = new ArrayList<>();
        for (ScriptedServer server : List.of(FIRST, SECOND, CUTTING)) {
            String name = "s" + (servers.size() + 1);
            servers.add(Server.ready(name, new Instance(name, Address.of("127.0.0.1", server.port()), 1)));
        }
        return StaticPool.of("orders", Runtimes.system(), servers);
    }

    public static void main(String[] args) {
        SpringApplication application = new SpringApplication(Main.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        Map<String, Integer> answers = new TreeMap<>();
        int inFlight;
        try (ConfigurableApplicationContext context = application.run(args)) {
            RestClient orders = context.getBean(RestClient.class);
            for (int i = 0; i < REQUESTS; i++) {
                answers.merge(orders.get().uri("/orders/{id}", i).retrieve().body(String.class), 1, Integer::sum);
            }
            inFlight = context.getBean(LoadBalancer.class).servers().stream()
                    .mapToInt(ServerStatus::inFlight)
                    .sum();
        }
        System.out.println(REQUESTS + " requests answered " + answers + "; the third server had "
                + CUTTING.accepted() + " of them before it was ejected, and failed every one");
        boolean proved = answers.keySet().equals(java.util.Set.of("first", "second"))
                && answers.values().stream().mapToInt(n -> n).sum() == REQUESTS
                && CUTTING.accepted() > 0
                && inFlight == 0;
        FIRST.close();
        SECOND.close();
        CUTTING.close();
        System.exit(proved ? 0 : 1);
    }

    private static ServerScript answering(String text) {
        return ServerScript.answering("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: "
                + text.length() + "\r\n\r\n" + text);
    }
}
