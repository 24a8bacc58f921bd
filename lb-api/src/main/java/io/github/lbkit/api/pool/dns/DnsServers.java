package io.github.lbkit.api.pool.dns;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.internal.VisibleText;
import io.github.lbkit.api.pool.spi.ListedServer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The conversion of DNS records into servers. */
final class DnsServers {
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private DnsServers() {}

    /** Returns one server for each address. */
    static List<ListedServer> ofAddresses(DnsOptions options, List<String> addresses) {
        TreeMap<String, ListedServer> servers = new TreeMap<>();
        for (String text : addresses) {
            boolean six = text.indexOf(':') >= 0;
            DnsOptions.Family unwanted = six ? DnsOptions.Family.IPV4 : DnsOptions.Family.IPV6;
            if (options.family != unwanted) {
                Address address = new Address(text, options.port, options.attributes);
                servers.put(address.authority(), new ListedServer(address.authority(), address, 1, Map.of()));
            }
        }
        return someOf(options, servers);
    }

    /**
     * Returns one server for each record. Of two records with the same target and port, the one with the lower
     * priority number counts, then the one with the greater weight.
     *
     * @param records {@code priority weight port target}, in any order
     */
    static List<ListedServer> ofService(DnsOptions options, List<String> records) {
        List<Service> services = new ArrayList<>();
        for (String record : records) {
            Service service = Service.parse(record);
            if (!service.target().isEmpty()) {
                services.add(service);
            }
        }
        services.sort(
                Comparator.comparingInt(Service::priority).thenComparing(Service::weight, Comparator.reverseOrder()));
        TreeMap<String, ListedServer> servers = new TreeMap<>();
        for (Service service : services) {
            if (options.allPriorities || service.priority() == services.get(0).priority()) {
                Address address = new Address(service.target(), service.port(), options.attributes);
                servers.putIfAbsent(
                        address.authority(),
                        new ListedServer(
                                address.authority(),
                                address,
                                Math.max(1, service.weight()),
                                Map.of(DnsPool.PRIORITY_LABEL, String.valueOf(service.priority()))));
            }
        }
        return someOf(options, servers);
    }

    private static List<ListedServer> someOf(DnsOptions options, Map<String, ListedServer> servers) {
        if (servers.isEmpty()) {
            throw new IllegalStateException("DNS names no server for " + options.name);
        }
        return List.copyOf(servers.values());
    }

    /** An SRV record. A target of "." alone means that there is no such service. */
    private record Service(int priority, int weight, int port, String target) {
        static Service parse(String record) {
            String[] words = BLANKS.split(record.trim(), -1);
            if (words.length != 4) {
                throw new IllegalStateException("'" + VisibleText.of(record) + "' is not an SRV record");
            }
            String target = words[3].endsWith(".") ? words[3].substring(0, words[3].length() - 1) : words[3];
            try {
                return new Service(
                        Integer.parseInt(words[0]), Integer.parseInt(words[1]), Integer.parseInt(words[2]), target);
            } catch (NumberFormatException e) {
                throw new IllegalStateException("'" + VisibleText.of(record) + "' is not an SRV record", e);
            }
        }
    }
}
