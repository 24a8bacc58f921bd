package io.github.lbkit.examples.serve.settings;

import io.github.lbkit.api.runtime.NameResolver;
import io.github.lbkit.http.ReverseProxyBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.CompletionException;

/**
 * The IP address of a listener, unresolved. Immutable.
 *
 * @param host the host as given, without brackets
 * @param port the port, 0 to 65535; 0 stands for any free port
 */
record TcpListen(String host, int port) implements ListenAddress {
    static TcpListen parse(String option, String value) {
        int colon = value.lastIndexOf(':');
        String host = colon < 0 ? "" : value.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            host = "";
        }
        try {
            int port = Integer.parseInt(value.substring(colon + 1));
            if (!host.isBlank() && port >= 0 && port <= 65_535) {
                return new TcpListen(host, port);
            }
        } catch (NumberFormatException notAPort) {
            // refused below
        }
        throw new SettingException(
                option,
                value,
                "host:port with a port from 0 to 65535, such as 127.0.0.1:7432"
                        + (option.equals("--redirect-http") ? "" : ", or unix:/path[,mode=660]")
                        + (option.equals("--listen") ? ", or inherited" : ""));
    }

    /** Resolves the address, and waits for the look-up of its name. */
    private InetSocketAddress resolve(String option) {
        try {
            return new InetSocketAddress(
                    NameResolver.system()
                            .resolve(host)
                            .toCompletableFuture()
                            .join()
                            .get(0),
                    port);
        } catch (CompletionException e) {
            throw new SettingException(option, host, "an address of this machine");
        }
    }

    /** Returns the port. Port 0 is replaced by the process id, as the port changes with each start. */
    @Override
    public String portName() {
        return port == 0 ? "pid" + ProcessHandle.current().pid() : String.valueOf(port);
    }

    @Override
    public boolean isLocal(String option) {
        return resolve(option).getAddress().isLoopbackAddress();
    }

    @Override
    public void requireFree(String option) throws IOException {
        InetSocketAddress address = resolve(option);
        if (port == 0) {
            return;
        }
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(address);
        } catch (IOException e) {
            throw new IOException(
                    "cannot listen on http://" + SocketPlace.hostAndPort(address) + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void applyTo(ReverseProxyBuilder builder, String option) {
        builder.listen(resolve(option));
    }
}
