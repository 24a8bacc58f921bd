package io.github.lbkit.api.pool.supervised;

import java.io.IOException;
import java.io.StringReader;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;

/**
 * The state of a supervised pool that its next owner needs: the desired servers and their specs. The {@link Launcher}
 * stores it beside the instances. Immutable.
 *
 * @param configured the ids that the owner was configured with; if the next owner is configured with other ids, those
 *     apply
 * @param desired the ids of the desired servers, in order of joining
 * @param specs the specs of the servers
 */
public record PoolState(List<String> configured, List<String> desired, Specs specs) {
    /**
     * The specs of a pool, as described by {@link Launcher#describe}; an empty string means no spec or no description.
     *
     * @param configured the hash of the spec that the owner was configured with
     * @param current the spec of the last complete rollout
     * @param previous the spec before the current one
     * @param target the spec whose rollout is under way
     * @param rolledOut whether the current spec was rolled out, instead of being the configured one
     */
    public record Specs(String configured, String current, String previous, String target, boolean rolledOut) {}

    /** Copies. */
    public PoolState {
        configured = List.copyOf(configured);
        desired = List.copyOf(desired);
    }

    /** Returns the state as text, which {@link #parse} reads. */
    public String text() {
        return line("configured", String.join("\t", configured))
                + line("desired", String.join("\t", desired))
                + line("spec.configured", specs.configured())
                + line("spec.current", specs.current())
                + line("spec.previous", specs.previous())
                + line("spec.target", specs.target())
                + line("spec.rolled-out", String.valueOf(specs.rolledOut()));
    }

    /** Returns one line of a properties file, without the date that {@link Properties#store} writes. */
    private static String line(String key, String value) {
        StringBuilder line = new StringBuilder(key).append('=');
        value.chars().forEach(c -> {
            if (c < ' ' || c > '~') {
                line.append(String.format("\\u%04x", c));
            } else {
                line.append(c == '\\' ? "\\\\" : c == ' ' ? "\\ " : String.valueOf((char) c));
            }
        });
        return line.append('\n').toString();
    }

    /**
     * Reads the output of {@link #text}.
     *
     * @throws IllegalArgumentException if the text is malformed
     */
    public static PoolState parse(String text) {
        Properties all = new Properties();
        try {
            all.load(new StringReader(text));
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory failed", e);
        }
        return new PoolState(
                ids(value(all, "configured")),
                ids(value(all, "desired")),
                new Specs(
                        value(all, "spec.configured"),
                        value(all, "spec.current"),
                        value(all, "spec.previous"),
                        value(all, "spec.target"),
                        Boolean.parseBoolean(value(all, "spec.rolled-out"))));
    }

    private static String value(Properties all, String key) {
        String value = all.getProperty(key);
        if (value == null) {
            throw new IllegalArgumentException("the state of a pool has no '" + key + "'");
        }
        return value;
    }

    private static List<String> ids(String text) {
        return text.isEmpty() ? List.of() : Arrays.asList(text.split("\t", -1));
    }
}
