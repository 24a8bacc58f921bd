package io.github.lbkit.docker.internal.discovery;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Server;
import io.github.lbkit.docker.DiscoveryLabels;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The properties of a server in the labels of its container. Immutable.
 *
 * @param id the server's id
 * @param weight the server's weight
 * @param port the port inside the container; empty if no label has it
 * @param attributes the attributes of the address: the scheme, and the path of the probe
 */
record ServerLabels(String id, int weight, OptionalInt port, Map<String, String> attributes) {
    private static final String ID = "[A-Za-z0-9._-](?:[A-Za-z0-9._ -]{0,61}[A-Za-z0-9._-])?";

    /** Thrown if a container cannot be a server; the message has the label, its value and what is allowed. */
    static final class InvalidException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        InvalidException(String reason) {
            super(reason, null, false, false);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    /** Returns the properties of this container's server. */
    static ServerLabels of(Candidate container) {
        Map<String, String> labels = container.labels();
        String id = labels.getOrDefault(DiscoveryLabels.ID, container.name());
        if (!id.matches(ID)) {
            throw invalid(DiscoveryLabels.ID, id, "1 to 63 of letters, digits, '-', '_', '.' and inner blanks");
        }
        int weight =
                number(labels, DiscoveryLabels.WEIGHT, 0, Server.MAX_WEIGHT).orElse(1);
        Map<String, String> attributes = new LinkedHashMap<>();
        Optional.ofNullable(labels.get(DiscoveryLabels.SCHEME)).ifPresent(scheme -> {
            if (!scheme.equals("http") && !scheme.equals("https")) {
                throw invalid(DiscoveryLabels.SCHEME, scheme, "http or https");
            }
            attributes.put(Address.SCHEME, scheme);
        });
        Optional.ofNullable(labels.get(DiscoveryLabels.PROBE)).ifPresent(path -> {
            if (!path.matches("/[!-~]*")) {
                throw invalid(DiscoveryLabels.PROBE, path, "a path: '/' and printable ASCII without blanks");
            }
            attributes.put(Address.PROBE, path);
        });
        return new ServerLabels(id, weight, number(labels, DiscoveryLabels.PORT, 1, 65_535), Map.copyOf(attributes));
    }

    private static OptionalInt number(Map<String, String> labels, String label, int min, int max) {
        String value = labels.get(label);
        if (value == null) {
            return OptionalInt.empty();
        }
        if (value.matches("\\d{1,9}")) {
            int number = Integer.parseInt(value);
            if (number >= min && number <= max) {
                return OptionalInt.of(number);
            }
        }
        throw invalid(label, value, "a number from " + min + " to " + max);
    }

    private static InvalidException invalid(String label, String value, String allowed) {
        return new InvalidException("label " + label + " is '" + printable(value) + "', not " + allowed);
    }

    private static String printable(String value) {
        String visible = value.replaceAll("[^ -~]", "?");
        return visible.length() > 100 ? visible.substring(0, 100) + "…" : visible;
    }
}
