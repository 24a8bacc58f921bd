package io.github.lbkit.http.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** A server that answers the first request of each connection over TLS, one connection after the other. */
final class TlsServer implements AutoCloseable {
    private static final byte[] ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\nConnection: close\r\n\r\nover TLS"
            .getBytes(StandardCharsets.US_ASCII);

    private final SSLServerSocket socket;
    private final List<String> askedFor = new CopyOnWriteArrayList<>();

    private TlsServer(SSLServerSocket socket) {
        this.socket = socket;
    }

    static TlsServer start(TestCertificates certificates) {
        try {
            TlsServer server = new TlsServer((SSLServerSocket) certificates
                    .context()
                    .getServerSocketFactory()
                    .createServerSocket(0, 50, InetAddress.getLoopbackAddress()));
            Thread thread = new Thread(server::serve, "tls-server");
            thread.setDaemon(true);
            thread.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return socket.getLocalPort();
    }

    /** Returns the server names that clients sent. */
    List<String> askedFor() {
        return askedFor;
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (SSLSocket client = (SSLSocket) socket.accept()) {
                client.setSoTimeout(20_000);
                client.startHandshake();
                ((ExtendedSSLSession) client.getSession())
                        .getRequestedServerNames()
                        .forEach(name -> askedFor.add(((SNIHostName) name).getAsciiName()));
                InputStream in = client.getInputStream();
                for (int end = 0; end < 4; ) {
                    int b = in.read();
                    end = b < 0 ? 4 : b == '\r' || b == '\n' ? end + 1 : 0;
                }
                client.getOutputStream().write(ANSWER);
            } catch (IOException e) {
                // a client that refuses the certificate ends the handshake
            }
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
