package com.example.lines;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Answers each line by its name and the line, until it is closed. */
final class LineServer implements AutoCloseable {
    final String name;
    private final ServerSocket socket;
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();
    private final Thread accepting;

    LineServer(String name) throws IOException {
        this.name = name;
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        accepting = new Thread(this::accept, name);
        accepting.setDaemon(true);
        accepting.start();
    }

    int port() {
        return socket.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = socket.accept();
                clients.add(client);
                Thread thread = new Thread(() -> serve(client), name + "-client");
                thread.setDaemon(true);
                thread.start();
            }
        } catch (IOException closed) {
            // the end
        }
    }

    private void serve(Socket client) {
        try (client;
                BufferedReader in = new BufferedReader(new InputStreamReader(client.getInputStream()));
                PrintWriter out = new PrintWriter(client.getOutputStream(), true)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                out.println(name + " " + line);
            }
        } catch (IOException gone) {
            // the client's business
        } finally {
            clients.remove(client);
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        socket.close();
        accepting.join(); // a connection may come in until the thread has seen the end
        for (Socket client : clients) {
            client.close();
        }
    }
}
