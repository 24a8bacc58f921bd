package io.github.lbkit.docker.internal.discovery;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Server;
import io.github.lbkit.docker.DiscoveryLabels;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a container's labels say about the server that it wants to be. Immutable.
 *
 * @param id the server's id
 * @param weight the server's weight
 * @param port inside of the container, if they name one
 * @param attributes of the address: the scheme, and the path of the probe
 */
record ServerLabels(String id, int weight, OptionalInt port, Map<String, String> attributes) {
    private static final String ID = "[A-Za-z0-9._-](?:[A-Za-z0-9._ -]{0,61}[A-Za-z0-9._-])?";

    /** What is wrong with a container: the label, its value, and what is allowed. */
    static final class Wrong extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Wrong(String what) {
            super(what, null, false, false);
        }

        String what() {
            return String.valueOf(getMessage());
        }
    }

    /** The words of this container. */
    static ServerLabels of(Candidate container) {
        Map<String, String> labels = container.labels();
        String id = labels.getOrDefault(DiscoveryLabels.ID, container.name());
        if (!id.matches(ID)) {
            throw wrong(DiscoveryLabels.ID, id, "1 to 63 of letters, digits, '-', '_', '.' and inner blanks");
        }
        int weight =
                number(labels, DiscoveryLabels.WEIGHT, 0, Server.MAX_WEIGHT).orElse(1);
        Map<String, String> attributes = new LinkedHashMap<>();
        Optional.ofNullable(labels.get(DiscoveryLabels.SCHEME)).ifPresent(scheme -> {
            if (!scheme.equals("http") && !scheme.equals("https")) {
                throw wrong(DiscoveryLabels.SCHEME, scheme, "http or https");
            }
            attributes.put(Address.SCHEME, scheme);
        });
        Optional.ofNullable(labels.get(DiscoveryLabels.PROBE)).ifPresent(path -> {
            if (!path.matches("/[!-~]*")) {
                throw wrong(DiscoveryLabels.PROBE, path, "a path: '/' and printable ASCII without blanks");
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
        throw wrong(label, value, "a number from " + min + " to " + max);
    }

    private static Wrong wrong(String label, String value, String allowed) {
        return new Wrong("label " + label + " is '" + printable(value) + "', not " + allowed);
    }

    private static String printable(String value) {
        String visible = value.replaceAll("[^ -~]", "?");
        return visible.length() > 100 ? visible.substring(0, 100) + "…" : visible;
    }
}
