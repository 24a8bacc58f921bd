package io.github.lbkit.api.pool.dns;

import io.github.lbkit.api.pool.spi.ListedServer;
import io.github.lbkit.api.pool.spi.PolledPool;
import io.github.lbkit.api.runtime.NameResolver;
import io.github.lbkit.api.runtime.Scheduler;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;

/**
 * A source that asks a name server for records through the JDK's DNS provider (JNDI): over UDP, and over TCP for a
 * truncated answer.
 */
// The provider is fixed and returns records as strings. A name that the options admit has neither ':' nor '/': no URL.
@SuppressWarnings({"BanJNDI", "JdkObsolete"})
final class DnsRecords implements PolledPool.Source {
    /** The number of tries. The provider doubles its timeout with each: 1 + 2 shares. */
    private static final int TRIES = 2;

    private static final int SHARES = 3;

    /** A host without a colon or in brackets, with an optional port and its colon. Any other text is a host. */
    private static final Pattern HOST_PORT = Pattern.compile("(?:\\[([^]]+)]|([^:]+))(:[0-9]+)?");

    private final DnsOptions options;
    private final NameResolver names;

    DnsRecords(DnsOptions options, NameResolver names) {
        this.options = options;
        this.names = names;
    }

    @Override
    public String name() {
        return options.port == 0 ? "service " + options.name : "host " + options.name;
    }

    @Override
    public Duration timeout() {
        return options.timeout;
    }

    @Override
    public CompletionStage<List<ListedServer>> poll(Scheduler worker) {
        if (options.nameServer.isEmpty()) {
            return CompletableFuture.completedFuture(ask("dns://", 1));
        }
        String server = options.nameServer.get();
        Matcher parts = HOST_PORT.matcher(server);
        boolean divided = parts.matches();
        String host = !divided ? server : parts.group(1) != null ? parts.group(1) : parts.group(2);
        String port = divided && parts.group(3) != null ? parts.group(3) : "";
        return names.resolve(host).thenApplyAsync(addresses -> ask(urls(addresses, port), addresses.size()), worker);
    }

    /** Returns the URLs of all addresses of the name server, which the provider asks in their order. */
    private static String urls(List<InetAddress> addresses, String port) {
        return addresses.stream()
                .map(InetAddress::getHostAddress)
                .map(text -> text.indexOf(':') >= 0 ? "[" + text + "]" : text)
                .map(text -> "dns://" + text + port)
                .collect(Collectors.joining(" "));
    }

    private List<ListedServer> ask(String urls, int servers) {
        try {
            DirContext context = new InitialDirContext(environment(urls, servers));
            try {
                return ask(context);
            } finally {
                context.close();
            }
        } catch (NamingException e) {
            throw new IllegalStateException("no answer for " + name() + ": " + e.getMessage(), e);
        }
    }

    private List<ListedServer> ask(DirContext context) throws NamingException {
        if (options.port == 0) {
            return DnsServers.ofService(options, records(context, "SRV"));
        }
        List<String> addresses = new ArrayList<>();
        if (options.family != DnsOptions.Family.IPV6) {
            addresses.addAll(records(context, "A"));
        }
        if (options.family != DnsOptions.Family.IPV4) {
            records(context, "AAAA").forEach(address -> addresses.add(written(address)));
        }
        return DnsServers.ofAddresses(options, addresses);
    }

    /** Returns an IPv6 address as the JVM writes it, so that an id does not depend on the name server. */
    private static String written(String address) {
        return NameResolver.literal(address)
                .orElseThrow(() -> new IllegalStateException("'" + address + "' is not an IPv6 address"))
                .getHostAddress();
    }

    private List<String> records(DirContext context, String type) throws NamingException {
        List<String> records = new ArrayList<>();
        try {
            String absolute = options.name.endsWith(".") ? options.name : options.name + ".";
            Attribute attribute =
                    context.getAttributes(absolute, new String[] {type}).get(type);
            if (attribute != null) {
                NamingEnumeration<?> values = attribute.getAll();
                while (values.hasMore()) {
                    records.add(String.valueOf(values.next()));
                }
            }
        } catch (NameNotFoundException e) {
            records.clear(); // an unknown name counts as a name without records
        }
        return records;
    }

    private Hashtable<String, String> environment(String urls, int servers) {
        int questions = options.port > 0 && options.family == DnsOptions.Family.ANY ? 2 : 1;
        long share = Math.max(1, options.timeout.toMillis() / SHARES / questions / servers);
        Hashtable<String, String> environment = new Hashtable<>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
        environment.put(Context.PROVIDER_URL, urls);
        environment.put("com.sun.jndi.dns.timeout.initial", String.valueOf(share));
        environment.put("com.sun.jndi.dns.timeout.retries", String.valueOf(TRIES));
        return environment;
    }
}
