package io.github.lbkit.examples.metrics;

import java.util.List;
import java.util.Locale;

/** The preferences of a client (RFC 9110 12.5.1), as far as a choice between two formats needs them. Immutable. */
final class Accept {
    private final List<String> ranges;

    /** The values of a request's {@code Accept} fields. */
    Accept(List<String> fields) {
        ranges = fields.stream()
                .flatMap(field -> List.of(field.split(",", -1)).stream())
                .map(range -> range.strip().toLowerCase(Locale.ROOT))
                .toList();
    }

    /** Returns the quality value of a media type that is named, 0 to 1; 0 if it is not named or the value cannot be read. */
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
