package io.github.lbkit.http.tls;

import io.github.lbkit.http.fixture.TestTls;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import javax.net.ssl.SSLSocket;

/** A relay between one client and a proxy that passes what the client sends one byte at a time. */
final class SlowRelay implements AutoCloseable {
    private final ServerSocket listener;
    private final InetSocketAddress to;

    private SlowRelay(ServerSocket listener, InetSocketAddress to) {
        this.listener = listener;
        this.to = to;
    }

    static SlowRelay to(InetSocketAddress to) throws IOException {
        SlowRelay relay = new SlowRelay(new ServerSocket(0, 5, InetAddress.getLoopbackAddress()), to);
        start(relay::relay);
        return relay;
    }

    SSLSocket connect(String version) throws IOException {
        Socket socket = new Socket(listener.getInetAddress(), listener.getLocalPort());
        socket.setSoTimeout(20_000);
        SSLSocket client =
                (SSLSocket) TestTls.TRUSTING.getSocketFactory().createSocket(socket, "proxy.test", to.getPort(), true);
        client.setEnabledProtocols(new String[] {version});
        client.startHandshake();
        return client;
    }

    private void relay() {
        try (Socket client = listener.accept();
                Socket proxy = new Socket(to.getAddress(), to.getPort())) {
            proxy.setTcpNoDelay(true);
            Thread back = start(() -> copy(proxy, client));
            copy(client, proxy);
            back.join();
        } catch (IOException e) {
            // the test reads an end instead of a response
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(Socket from, Socket into) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = into.getOutputStream();
            for (int b; (b = in.read()) >= 0; ) {
                out.write(b);
            }
            into.shutdownOutput();
        } catch (IOException e) {
            // one side is closed
        }
    }

    private static Thread start(Runnable work) {
        Thread thread = new Thread(work, "slow-relay");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
