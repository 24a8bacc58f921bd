package io.github.lbkit.examples.metrics;

import java.util.List;
import java.util.Locale;

/**
 * The named media types in a client's {@code Accept} fields (RFC 9110, section 12.5.1), without wildcards. Immutable.
 */
final class Accept {
    private final List<String> ranges;

    /** Parses the values of a request's {@code Accept} fields. */
    Accept(List<String> fields) {
        ranges = fields.stream()
                .flatMap(field -> List.of(field.split(",", -1)).stream())
                .map(range -> range.strip().toLowerCase(Locale.ROOT))
                .toList();
    }

    /** Returns the quality of a media type, 0 to 1; 0 if it is not named, or its quality is malformed. */
    double quality(String mediaType) {
        double best = 0;
        for (String range : ranges) {
            String[] parts = range.split(";", -1);
            if (parts[0].strip().equals(mediaType)) {
                best = Math.max(best, quality(parts));
            }
        }
        return best;
    }

    private static double quality(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.startsWith("q=")) {
                String value = parameter.substring(2).strip();
                return value.matches("[01](\\.[0-9]{0,3})?") ? Double.parseDouble(value) : 0;
            }
        }
        return 1;
    }
}
