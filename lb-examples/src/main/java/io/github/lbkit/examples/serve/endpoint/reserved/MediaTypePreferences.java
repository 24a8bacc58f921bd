package io.github.lbkit.examples.serve.endpoint.reserved;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The media types that a client prefers, from its {@code Accept} fields (RFC 9110, section 12.5.1). Immutable. */
final class MediaTypePreferences {
    private final List<Range> ranges;

    private record Range(String type, double quality) {}

    private MediaTypePreferences(List<Range> ranges) {
        this.ranges = ranges;
    }

    static MediaTypePreferences of(List<String> fields) {
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
        return new MediaTypePreferences(ranges);
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

    /**
     * Returns the quality of a media type, 0 to 1, from the most specific range that matches; 1 if there are no fields.
     */
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
