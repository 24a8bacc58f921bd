package io.github.lbkit.examples.serve.endpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a client's {@code Accept} fields say about media types, RFC 9110 section 12.5.1. Immutable. */
final class Acceptance {
    private final List<Range> ranges;

    private record Range(String type, double quality) {}

    private Acceptance(List<Range> ranges) {
        this.ranges = ranges;
    }

    static Acceptance of(List<String> fields) {
        List<Range> ranges = new ArrayList<>();
        for (String field : fields) {
            for (String element : field.split(",", -1)) {
                String[] parts = element.split(";", -1);
                String type = parts[0].strip().toLowerCase(Locale.ROOT);
                if (!type.isEmpty()) {
                    ranges.add(new Range(type, quality(parts)));
                }
            }
        }
        return new Acceptance(ranges);
    }

    private static double quality(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip().toLowerCase(Locale.ROOT);
            if (parameter.matches("q=(0(\\.\\d{0,3})?|1(\\.0{0,3})?)")) {
                return Double.parseDouble(parameter.substring(2));
            }
        }
        return 1;
    }

    /** How much this type is wanted, 0 to 1: as the most specific range says; 1 if there is no field at all. */
    double quality(String type) {
        if (ranges.isEmpty()) {
            return 1;
        }
        String any = type.substring(0, type.indexOf('/')) + "/*";
        for (String range : List.of(type, any, "*/*")) {
            for (Range accepted : ranges) {
                if (accepted.type().equals(range)) {
                    return accepted.quality();
                }
            }
        }
        return 0;
    }
}
