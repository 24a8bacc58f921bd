package io.github.lbkit.examples.secret;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rules that find secrets in a text by their form: user-info of URIs, values of names that look secret, and the
 * values of a pool's {@code env} option. The rules prefer false positives to missed secrets. Stateless.
 */
final class SecretFinder {
    private static final String VALUE = "(?<secret>\"[^\"]*\"|'[^']*'|[^\\s&'\"]+)";

    /** A name with a secret word, unless its value is the path of a file; {@code --key} of serve is not a secret. */
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

    private SecretFinder() {}

    /**
     * A secret in a text.
     *
     * @param start the index of the first character
     * @param end the index after the last character
     * @param plain the secret after percent-decoding
     */
    record Occurrence(int start, int end, String plain) {}

    /** Returns all secrets in the text, in no order; they may overlap. */
    static List<Occurrence> in(String text) {
        List<Occurrence> occurrences = plainIn(text);
        Matcher encoded = ENCODED.matcher(text);
        while (encoded.find()) {
            int start = encoded.start("value");
            int end = encoded.end("value");
            String name = "?" + encoded.group("name") + "=";
            for (Occurrence occurrence : plainIn(name + decoded(encoded.group("value")))) {
                if (occurrence.end() > name.length()) {
                    occurrences.add(new Occurrence(start, end, occurrence.plain()));
                }
            }
        }
        return occurrences;
    }

    private static List<Occurrence> plainIn(String text) {
        List<Occurrence> occurrences = new ArrayList<>();
        for (Pattern rule : RULES) {
            add(rule.matcher(text), 0, occurrences);
        }
        Matcher environment = ENVIRONMENT.matcher(text);
        while (environment.find()) {
            add(LINE.matcher(environment.group("lines")), environment.start("lines"), occurrences);
        }
        return occurrences;
    }

    private static void add(Matcher matcher, int offset, List<Occurrence> occurrences) {
        while (matcher.find()) {
            String secret = matcher.group("secret");
            occurrences.add(
                    new Occurrence(offset + matcher.start("secret"), offset + matcher.end("secret"), unquoted(secret)));
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
