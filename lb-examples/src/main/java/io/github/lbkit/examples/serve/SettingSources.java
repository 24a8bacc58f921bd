package io.github.lbkit.examples.serve;

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
 * Settings that stand neither on the command line nor in the code: in the environment, and in the file of {@code
 * --config}. A name that is no setting is refused. Immutable.
 */
public final class SettingSources implements IDefaultValueProvider {
    /** The beginning of the name of each variable that is a setting. */
    public static final String PREFIX = "LBKIT_";

    private static final String CONFIG = "--config";

    private final Map<String, String> values;

    private SettingSources(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Reads the environment, and the file that the arguments or the environment name.
     *
     * @throws IllegalArgumentException if the file cannot be read, or a name is no setting of the command
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
        fromEnvironment.forEach((name, value) -> {
            if (!names.contains(name)) {
                throw new IllegalArgumentException("environment variable " + PREFIX
                        + name.substring(2).replace('-', '_').toUpperCase(Locale.ROOT)
                        + " is not a setting; the settings are " + names);
            }
            values.put(name, value);
        });
        return new SettingSources(values);
    }

    /** Returns the values by the option's name. */
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

    /** Without the line itself, which the exception quotes and which may hold a secret. */
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

    private static String option(String name) {
        return "--" + name.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
