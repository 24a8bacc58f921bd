package io.github.lbkit.examples.secret;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The secrets in the settings of this process. They are hidden in output by their form ({@link #masked}), and by their
 * value wherever a secret value of a setting appears. Immutable.
 */
public final class Secrets {
    private static final String HIDDEN = "***";

    /**
     * The minimum length of a value that is hidden everywhere; shorter values may appear in ordinary text by chance.
     */
    private static final int MIN_LENGTH = 4;

    /** The minimum length of a value that is hidden within words too. */
    private static final int MIN_LENGTH_IN_WORD = 12;

    private final @Nullable Pattern known;

    private Secrets(@Nullable Pattern known) {
        this.known = known;
    }

    /** Returns the secrets in these settings: words of a command line, lines of a file, or values of variables. */
    public static Secrets of(Collection<String> settings) {
        Set<String> values = new LinkedHashSet<>();
        for (String setting : settings) {
            for (SecretFinder.Occurrence occurrence : SecretFinder.in(setting)) {
                add(setting.substring(occurrence.start(), occurrence.end()), values);
                add(occurrence.plain(), values);
            }
        }
        return new Secrets(pattern(values));
    }

    /** Returns the secrets in a command line, and in the settings from variables and files. */
    public static Secrets of(List<String> arguments, Map<String, String> settings) {
        List<String> all = new ArrayList<>(arguments);
        for (int i = 1; i < arguments.size(); i++) {
            all.add(arguments.get(i - 1) + " " + arguments.get(i));
        }
        settings.forEach((name, value) -> {
            all.add(value);
            all.add(name + "=" + value);
        });
        return of(all);
    }

    /** Adds a secret, and its part after each colon: a password may appear without its user. */
    private static void add(String secret, Set<String> values) {
        String rest = secret;
        while (rest.length() >= MIN_LENGTH) {
            values.add(rest);
            rest = rest.substring(rest.indexOf(':') < 0 ? rest.length() : rest.indexOf(':') + 1);
        }
    }

    private static @Nullable Pattern pattern(Set<String> values) {
        if (values.isEmpty()) {
            return null;
        }
        return Pattern.compile(values.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .map(Secrets::quoted)
                .collect(Collectors.joining("|")));
    }

    private static String quoted(String value) {
        boolean word = value.length() < MIN_LENGTH_IN_WORD;
        return (word ? "(?<![\\p{Alnum}_])" : "") + Pattern.quote(value) + (word ? "(?![\\p{Alnum}_])" : "");
    }

    /** Returns whether there are secrets to hide by their value. */
    public boolean any() {
        return known != null;
    }

    /** Returns the text without secrets, which are found by form and by value. */
    public String hide(String text) {
        return masked(hideKnown(text));
    }

    /** Returns the text without secrets, which are found only by value. */
    public String hideKnown(String text) {
        return known == null ? text : known.matcher(text).replaceAll(Matcher.quoteReplacement(HIDDEN));
    }

    /** Returns the text without secrets, which are found only by form. */
    public static String masked(String text) {
        List<SecretFinder.Occurrence> occurrences = new ArrayList<>(SecretFinder.in(text));
        if (occurrences.isEmpty()) {
            return text;
        }
        occurrences.sort(Comparator.comparingInt(SecretFinder.Occurrence::start));
        StringBuilder shown = new StringBuilder();
        int at = 0;
        for (SecretFinder.Occurrence occurrence : occurrences) {
            if (occurrence.start() >= at) {
                shown.append(text, at, occurrence.start()).append(HIDDEN);
            }
            at = Math.max(at, occurrence.end());
        }
        return shown.append(text, at, text.length()).toString();
    }

    /** Returns the value of a setting without secrets; hides all of it if the name looks secret. */
    public static String masked(String name, String value) {
        String probe = "--" + name + "=x";
        return masked(probe).equals(probe) ? masked(value) : HIDDEN;
    }

    /** Returns the message of a failure without secrets; the name of its class if there is no message. */
    public String messageOf(Throwable failure) {
        return hide(Optional.ofNullable(failure.getMessage()).orElse(failure.toString()));
    }

    @Override
    public String toString() {
        return known == null ? "no secrets" : "secrets";
    }
}
