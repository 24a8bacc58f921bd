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
 * The secrets of one process's settings. Hides them in text for people: what has the form of a secret ({@link #masked}), and
 * every value that had that form in a setting, wherever the value appears. Immutable.
 */
public final class Secrets {
    private static final String HIDDEN = "***";

    /** Shorter values appear in ordinary text by chance; where they stand in a setting they are hidden by their form. */
    private static final int LEAST_LENGTH = 4;

    /** A value of this length is hidden within a word too. */
    private static final int LONG = 12;

    private final @Nullable Pattern known;

    private Secrets(@Nullable Pattern known) {
        this.known = known;
    }

    /** Returns the secrets of these settings: words of a command line, lines of a file, values of variables. */
    public static Secrets of(Collection<String> settings) {
        Set<String> values = new LinkedHashSet<>();
        for (String setting : settings) {
            for (SecretPlaces.Place place : SecretPlaces.in(setting)) {
                add(setting.substring(place.start(), place.end()), values);
                add(place.plain(), values);
            }
        }
        return new Secrets(pattern(values));
    }

    /** Returns the secrets of a command line, and of variables and lines that add to it. */
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

    /** A password is quoted without its user too. */
    private static void add(String secret, Set<String> values) {
        String rest = secret;
        while (rest.length() >= LEAST_LENGTH) {
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
        boolean word = value.length() < LONG;
        return (word ? "(?<![\\p{Alnum}_])" : "") + Pattern.quote(value) + (word ? "(?![\\p{Alnum}_])" : "");
    }

    /** Returns whether a setting has a secret whose value can be found in other text. */
    public boolean any() {
        return known != null;
    }

    /** Returns the text without secrets, found by their form and by their values. */
    public String hide(String text) {
        return masked(hideKnown(text));
    }

    /** Returns the text without the values of secrets, whatever else in it has the form of one. */
    public String hideKnown(String text) {
        return known == null ? text : known.matcher(text).replaceAll(Matcher.quoteReplacement(HIDDEN));
    }

    /** Returns the value of a setting without what has the form of a secret. */
    public static String masked(String text) {
        List<SecretPlaces.Place> places = new ArrayList<>(SecretPlaces.in(text));
        if (places.isEmpty()) {
            return text;
        }
        places.sort(Comparator.comparingInt(SecretPlaces.Place::start));
        StringBuilder shown = new StringBuilder();
        int at = 0;
        for (SecretPlaces.Place place : places) {
            if (place.start() >= at) {
                shown.append(text, at, place.start()).append(HIDDEN);
            }
            at = Math.max(at, place.end());
        }
        return shown.append(text, at, text.length()).toString();
    }

    /** Returns the value of a setting of this name, hidden whole where the name looks secret. */
    public static String masked(String name, String value) {
        String probe = "--" + name + "=x";
        return masked(probe).equals(probe) ? masked(value) : HIDDEN;
    }

    /** Returns the message of a failure without secrets; the name of its class if it has none. */
    public String messageOf(Throwable failure) {
        return hide(Optional.ofNullable(failure.getMessage()).orElse(failure.toString()));
    }

    @Override
    public String toString() {
        return known == null ? "no secrets" : "secrets";
    }
}
