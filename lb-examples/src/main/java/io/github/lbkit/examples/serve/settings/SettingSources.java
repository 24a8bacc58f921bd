package io.github.lbkit.examples.serve.settings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The settings from the environment and from the file of {@code --config}. An unknown name in the file is refused. An
 * unknown variable is only reported, because orchestrators set variables of their own. Immutable.
 */
public final class SettingSources implements IDefaultValueProvider {
    /** The prefix of the variables that are settings. */
    public static final String PREFIX = "LBKIT_";

    private static final String CONFIG = "--config";

    /** The values that an orchestrator sets for a service, such as LBKIT_PORT=tcp://10.0.0.1:80. */
    private static final Pattern INJECTED = Pattern.compile("(?:tcp|udp|sctp)://[^/]+");

    private final Map<String, String> values;

    private final List<String> ignored;

    private SettingSources(Map<String, String> values, List<String> ignored) {
        this.values = values;
        this.ignored = List.copyOf(ignored);
    }

    /**
     * Reads the environment, and the file that is named by the arguments or by the environment.
     *
     * @throws IllegalArgumentException if the file cannot be read, the file has an unknown name, or an orchestrator has
     *     set a variable that has the name of a setting
     */
    public static SettingSources of(CommandLine command, List<String> arguments, Map<String, String> environment) {
        NavigableSet<String> names = new TreeSet<>();
        command.getCommandSpec().options().stream()
                .map(OptionSpec::longestName)
                .filter(name -> !name.equals("--help") && !name.equals("--version"))
                .forEach(names::add);
        Map<String, String> values = new HashMap<>();
        Map<String, String> fromEnvironment = new TreeMap<>();
        environment.forEach((name, value) -> {
            if (name.startsWith(PREFIX)) {
                fromEnvironment.put(option(name.substring(PREFIX.length())), value);
            }
        });
        config(arguments)
                .or(() -> Optional.ofNullable(fromEnvironment.get(CONFIG)))
                .ifPresent(file -> values.putAll(read(Path.of(file), names)));
        List<String> ignored = new ArrayList<>();
        fromEnvironment.forEach((name, value) -> {
            if (!names.contains(name)) {
                ignored.add(variable(name));
            } else if (INJECTED.matcher(value).matches()) {
                throw new IllegalArgumentException(variable(name) + "='" + value + "' is not a value of " + name
                        + ": Kubernetes and container links set variables of this form for a service whose name begins"
                        + " with 'lbkit'. Give the service another name, switch such variables off"
                        + " (enableServiceLinks: false), or set the variable yourself");
            } else {
                values.put(name, value);
            }
        });
        return new SettingSources(values, ignored);
    }

    /** Returns the values by the name of their option. */
    public Map<String, String> values() {
        return Map.copyOf(values);
    }

    @Override
    public @Nullable String defaultValue(ArgSpec spec) {
        return spec instanceof OptionSpec option ? values.get(option.longestName()) : null;
    }

    private static Optional<String> config(List<String> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.startsWith(CONFIG + "=")) {
                return Optional.of(argument.substring(CONFIG.length() + 1));
            }
            if (argument.equals(CONFIG) && i + 1 < arguments.size()) {
                return Optional.of(arguments.get(i + 1));
            }
        }
        return Optional.empty();
    }

    private static Map<String, String> read(Path file, NavigableSet<String> names) {
        Object root;
        try {
            root = new Load(LoadSettings.builder().setLabel(file.toString()).build())
                    .loadFromString(Files.readString(file, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalArgumentException(CONFIG + " '" + file + "' cannot be read: " + e.getMessage(), e);
        } catch (YamlEngineException e) {
            throw new IllegalArgumentException(CONFIG + " '" + file + "' is not YAML" + where(e));
        }
        if (root == null) {
            return Map.of();
        }
        if (!(root instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException(CONFIG + " '" + file + "' is not a mapping of settings to values");
        }
        Map<String, String> values = new HashMap<>();
        map.forEach((key, value) -> {
            String name = "--" + key;
            if (!names.contains(name) || name.equals(CONFIG)) {
                throw new IllegalArgumentException(
                        "'" + key + "' in " + file + " is not a setting; the settings are " + names);
            }
            values.put(name, text(value));
        });
        return values;
    }

    /** Returns the place of an error without the line itself, which may contain a secret. */
    private static String where(YamlEngineException e) {
        if (!(e instanceof MarkedYamlEngineException marked)) {
            return "";
        }
        return ": " + marked.getProblem()
                + marked.getProblemMark()
                        .map(mark -> ", line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1))
                        .orElse("");
    }

    private static String text(@Nullable Object value) {
        if (value instanceof List<?> list) {
            List<String> parts = new ArrayList<>();
            list.forEach(part -> parts.add(text(part)));
            return String.join(",", parts);
        }
        if (value instanceof Map<?, ?> map) {
            List<String> parts = new ArrayList<>();
            map.forEach((name, part) -> parts.add(name + "=" + text(part)));
            return String.join(",", parts);
        }
        return String.valueOf(value);
    }

    /** Returns one line about the variables that have the prefix but are not settings; empty if there are none. */
    public Optional<String> warning() {
        return ignored.isEmpty()
                ? Optional.empty()
                : Optional.of("these environment variables are not settings of serve and have no effect: "
                        + String.join(", ", ignored));
    }

    private static String variable(String option) {
        return PREFIX + option.substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
    }

    private static String option(String name) {
        return "--" + name.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
