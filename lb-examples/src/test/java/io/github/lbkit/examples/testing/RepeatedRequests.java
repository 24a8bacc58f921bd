package io.github.lbkit.examples.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Clients that ask for {@code /} or {@code /home} until they are closed, each over new connections, and note what is
 * wrong.
 */
public final class RepeatedRequests implements AutoCloseable {
    private final Set<String> wrong = new ConcurrentSkipListSet<>();
    private final LongAdder answered = new LongAdder();
    private final ExecutorService clients;

    /** Written by whoever closes it, read by the clients. */
    private volatile boolean over;

    private RepeatedRequests(int clients) {
        this.clients = Executors.newFixedThreadPool(clients);
    }

    /** So many clients, which ask for {@code /home}. */
    public static RepeatedRequests to(InetSocketAddress address, int clients) {
        return to(address, "/home", clients);
    }

    /** So many clients. */
    public static RepeatedRequests to(InetSocketAddress address, String path, int clients) {
        RepeatedRequests requests = new RepeatedRequests(clients);
        for (int i = 0; i < clients; i++) {
            requests.clients.execute(() -> requests.ask(address, path));
        }
        return requests;
    }

    private void ask(InetSocketAddress address, String path) {
        while (!over) {
            try {
                RawHttp response = RawHttp.get(address, path);
                if (response.status() != 200) {
                    wrong.add(response.toString());
                }
                answered.increment();
            } catch (IOException | AssertionError e) {
                wrong.add(e.toString());
            }
        }
    }

    /** What was wrong so far. */
    public Set<String> wrong() {
        return wrong;
    }

    /** How many answers came so far. */
    public long answered() {
        return answered.sum();
    }

    /** Ends when every client has its last answer. */
    @Override
    public void close() {
        over = true;
        clients.shutdown();
        try {
            if (!clients.awaitTermination(60, TimeUnit.SECONDS)) {
                throw new AssertionError("a client is still without an answer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
