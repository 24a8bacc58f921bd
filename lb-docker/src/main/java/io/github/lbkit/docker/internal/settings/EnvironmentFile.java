package io.github.lbkit.docker.internal.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A reader of environment files. */
public final class EnvironmentFile {
    private EnvironmentFile() {}

    /**
     * Returns the variables of a file, in order.
     *
     * @throws IllegalArgumentException if the file cannot be read or a line is not {@code NAME=VALUE}; the message has
     *     no content of the file, since it may be secret
     */
    public static Map<String, String> read(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            throw new IllegalArgumentException("env-file " + file + " cannot be read as UTF-8 text: " + e, e);
        }
        Map<String, String> variables = new LinkedHashMap<>();
        for (int number = 1; number <= lines.size(); number++) {
            String line = lines.get(number - 1).stripLeading();
            int equals = line.indexOf('=');
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            } else if (equals < 1 || !line.substring(0, equals).matches("[^\\s=\\x00]+") || line.indexOf('\0') >= 0) {
                throw new IllegalArgumentException(
                        "env-file " + file + ", line " + number + ": it is not NAME=VALUE, a comment (#) or empty");
            }
            variables.put(line.substring(0, equals), line.substring(equals + 1));
        }
        return variables;
    }
}
