package com.example.lines;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Call;
import io.github.lbkit.api.Failure;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.NoServer;
import io.github.lbkit.api.Pick;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** Sends a line to a server and reads its answer; another server is asked if one fails, so lines must be idempotent. */
final class LineClient {
    private final LoadBalancer balancer;

    LineClient(LoadBalancer balancer) {
        this.balancer = balancer;
    }

    // begin loop
    String ask(String line) throws IOException {
        Call call = balancer.call(Key.of(line));
        IOException last = null;
        for (Pick pick = call.next(); ; pick = call.next()) {
            if (pick instanceof NoServer none) {
                throw new IOException("no server for '" + line + "': " + none.reason(), last);
            }
            try (Attempt attempt = (Attempt) pick) { // abandoned unless it has ended
                try {
                    String answer = talk(attempt.instance().address(), line);
                    attempt.responded();
                    attempt.succeeded();
                    return answer;
                } catch (ConnectException e) {
                    attempt.failed(Failure.CONNECT);
                    last = e;
                } catch (SocketTimeoutException e) {
                    attempt.failed(Failure.TIMEOUT);
                    last = e;
                } catch (IOException e) {
                    attempt.failed(Failure.DISCONNECT);
                    last = e;
                }
            }
        }
    }
    // end loop

    private static String talk(Address server, String line) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(2_000);
            socket.connect(new InetSocketAddress(server.host(), server.port()), 1_000);
            new PrintWriter(socket.getOutputStream(), true).println(line);
            String answer = new BufferedReader(new InputStreamReader(socket.getInputStream())).readLine();
            if (answer == null) {
                throw new IOException("the connection ended without an answer");
            }
            return answer;
        }
    }
}
