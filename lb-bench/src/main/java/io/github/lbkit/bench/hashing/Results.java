package io.github.lbkit.bench.hashing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * The measured values, in a file of sorted lines {@code quantity;algorithm;servers;value;unit}. A new value replaces
 * the previous one. Confined to one thread.
 */
final class Results {
    private static final String HEAD = "what;who;servers;value;unit";

    private final TreeMap<String, String> lines = new TreeMap<>();

    /** Reads the values of a file; none if there is no file. */
    static Results of(Path file) throws IOException {
        Results results = new Results();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                String[] parts = line.split(";", -1);
                if (parts.length == 5 && !line.equals(HEAD)) {
                    results.lines.put(key(parts[0], parts[1], Integer.parseInt(parts[2])), parts[3] + ";" + parts[4]);
                }
            }
        }
        return results;
    }

    private static String key(String quantity, String algorithm, int servers) {
        return quantity + ";" + algorithm + ";" + String.format(Locale.ROOT, "%5d", servers);
    }

    void put(String quantity, String algorithm, int servers, double value, String unit) {
        String number = value == 0 || value >= 1000
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.4g", value);
        lines.put(key(quantity, algorithm, servers), number + ";" + unit);
        System.out.println(quantity + " · " + algorithm + " · " + servers + ": " + number + " " + unit);
    }

    OptionalDouble value(String quantity, String algorithm, int servers) {
        String line = lines.get(key(quantity, algorithm, servers));
        return line == null
                ? OptionalDouble.empty()
                : OptionalDouble.of(Double.parseDouble(line.substring(0, line.indexOf(';'))));
    }

    void write(Path file) throws IOException {
        List<String> all = new ArrayList<>(List.of(HEAD));
        lines.forEach((key, value) -> {
            String[] parts = key.split(";", -1);
            all.add(parts[0] + ";" + parts[1] + ";" + parts[2].trim() + ";" + value);
        });
        Files.write(file, all);
    }
}
