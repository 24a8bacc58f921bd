package io.github.lbkit.examples.secret;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rules that find secrets in a text by their form: user-info of URIs, values of names that look secret, and each value of
 * a pool's {@code env} option. The rules rather find too much than too little. Stateless.
 */
final class SecretPlaces {
    private static final String VALUE = "(?<secret>\"[^\"]*\"|'[^']*'|[^\\s&'\"]+)";

    /** A name with a secret word in it, unless the value is the path of a file; {@code --key} of serve holds no secret. */
    private static final String NAME = "(?<![\\w.-])(?!--key[=\\s'\"])[\\w.-]*"
            + "(?:password|passwd|passphrase|secret|token|credential|key)[\\w.-]*(?<!file|path|dir|without-token)";

    private static final List<Pattern> RULES = List.of(
            Pattern.compile("://(?<secret>(?:(?!://)\\S)+)@"),
            Pattern.compile("(?<![\\w/.-])(?<secret>[^\\s:/@,;='\"]+:[^\\s/@,;'\"]+)@(?!sha256:|sha512:)"),
            Pattern.compile(NAME + "\\s?[=:]\\s?" + VALUE, Pattern.CASE_INSENSITIVE),
            Pattern.compile("(?<![\\w.-])(?=-)" + NAME + "(?:\\s+|,)(?!-)" + VALUE, Pattern.CASE_INSENSITIVE));

    private static final Pattern ENVIRONMENT = Pattern.compile("(?<=[?&])env=(?<lines>[^&]*)");
    private static final Pattern LINE = Pattern.compile("(?:[^=,]*=)?(?<secret>[^,]+)");
    private static final Pattern ENCODED = Pattern.compile("(?<=[?&])(?<name>[^=&\\s]*)=(?<value>[^&\\s]*%[^&\\s]*)");

    private SecretPlaces() {}

    /**
     * A part of a text.
     *
     * @param start the index of the first character
     * @param end the index behind the last character
     * @param plain the part as a program reads it, which differs where it is percent-encoded
     */
    record Place(int start, int end, String plain) {}

    /** Returns every secret in the text, in no order; places may overlap. */
    static List<Place> in(String text) {
        List<Place> places = plainIn(text);
        Matcher encoded = ENCODED.matcher(text);
        while (encoded.find()) {
            int start = encoded.start("value");
            int end = encoded.end("value");
            String name = "?" + encoded.group("name") + "=";
            for (Place place : plainIn(name + decoded(encoded.group("value")))) {
                if (place.end() > name.length()) {
                    places.add(new Place(start, end, place.plain()));
                }
            }
        }
        return places;
    }

    private static List<Place> plainIn(String text) {
        List<Place> places = new ArrayList<>();
        for (Pattern rule : RULES) {
            add(rule.matcher(text), 0, places);
        }
        Matcher environment = ENVIRONMENT.matcher(text);
        while (environment.find()) {
            add(LINE.matcher(environment.group("lines")), environment.start("lines"), places);
        }
        return places;
    }

    private static void add(Matcher matcher, int offset, List<Place> places) {
        while (matcher.find()) {
            String secret = matcher.group("secret");
            places.add(new Place(offset + matcher.start("secret"), offset + matcher.end("secret"), unquoted(secret)));
        }
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() > 1 && (value.startsWith("\"") || value.startsWith("'"));
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    private static String decoded(String value) {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return value;
        }
    }
}
