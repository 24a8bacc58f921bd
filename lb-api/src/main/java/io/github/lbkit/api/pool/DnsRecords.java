package io.github.lbkit.api.pool;

import io.github.lbkit.api.Scheduler;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;

/** Records of DNS, asked of a name server by the JDK's DNS provider (JNDI): UDP first, TCP for an answer that was cut. */
// The provider is fixed and knows records as strings; a name that options admit has neither ':' nor '/', so is no URL.
@SuppressWarnings({"BanJNDI", "JdkObsolete"})
final class DnsRecords implements PolledPool.Source {
    /** The provider doubles its patience with each try: 1 + 2 shares of it. */
    private static final int TRIES = 2;

    private static final int SHARES = 3;

    private final DnsOptions options;

    DnsRecords(DnsOptions options) {
        this.options = options;
    }

    @Override
    public String name() {
        return options.port == 0 ? "service " + options.name : "host " + options.name;
    }

    @Override
    public Duration patience() {
        return options.timeout;
    }

    @Override
    public CompletionStage<List<Listed>> look(Scheduler worker) {
        try {
            DirContext context = new InitialDirContext(environment());
            try {
                return CompletableFuture.completedFuture(ask(context));
            } finally {
                context.close();
            }
        } catch (NamingException e) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("no answer for " + name() + ": " + e.getMessage(), e));
        }
    }

    private List<Listed> ask(DirContext context) throws NamingException {
        if (options.port == 0) {
            return DnsServers.ofService(options, records(context, "SRV"));
        }
        List<String> addresses = new ArrayList<>();
        if (options.family != DnsOptions.Family.IPV6) {
            addresses.addAll(records(context, "A"));
        }
        if (options.family != DnsOptions.Family.IPV4) {
            for (String address : records(context, "AAAA")) {
                addresses.add(written(address));
            }
        }
        return DnsServers.ofAddresses(options, addresses);
    }

    /** An IPv6 address as the JVM writes it, so that an id is the same whoever was asked. */
    private static String written(String address) {
        try {
            return InetAddress.getByName(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("'" + address + "' is not an IPv6 address", e);
        }
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
            records.clear(); // an unknown name and one without such records are the same here
        }
        return records;
    }

    private Hashtable<String, String> environment() {
        int questions = options.port > 0 && options.family == DnsOptions.Family.ANY ? 2 : 1;
        long share = Math.max(1, options.timeout.toMillis() / SHARES / questions);
        Hashtable<String, String> environment = new Hashtable<>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
        environment.put(Context.PROVIDER_URL, "dns://" + options.nameServer.orElse(""));
        environment.put("com.sun.jndi.dns.timeout.initial", String.valueOf(share));
        environment.put("com.sun.jndi.dns.timeout.retries", String.valueOf(TRIES));
        return environment;
    }
}
