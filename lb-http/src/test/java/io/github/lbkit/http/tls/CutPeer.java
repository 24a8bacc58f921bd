package io.github.lbkit.http.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A server over TLS that answers one request, and then ends the connection without close_notify. */
final class CutPeer implements AutoCloseable {
    private final ServerSocket listener;
    private final SSLContext context;
    private final String response;

    private CutPeer(ServerSocket listener, SSLContext context, String response) {
        this.listener = listener;
        this.context = context;
        this.response = response;
    }

    static CutPeer start(SSLContext context, String response) throws IllegalStateException {
        try {
            ServerSocket listener = new ServerSocket(0, 5, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
            CutPeer peer = new CutPeer(listener, context, response);
            Thread thread = new Thread(peer::serve, "cut-peer");
            thread.setDaemon(true);
            thread.start();
            return peer;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    private void serve() {
        try (Socket tcp = listener.accept()) {
            SSLSocket client = (SSLSocket) context.getSocketFactory().createSocket(tcp, null, true);
            client.setUseClientMode(false);
            InputStream in = client.getInputStream();
            for (int end = 0; end < 4; ) {
                int b = in.read();
                end = b == '\r' || b == '\n' ? end + 1 : 0;
            }
            OutputStream out = client.getOutputStream();
            out.write(response.getBytes(StandardCharsets.US_ASCII));
            tcp.shutdownOutput(); // of TCP: the record layer says nothing
            tcp.getInputStream().readAllBytes();
        } catch (IOException e) {
            // the test reads the response
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
