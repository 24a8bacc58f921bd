package io.github.lbkit.api.internal.pool.provider;

import io.github.lbkit.api.internal.VisibleText;
import java.util.ArrayList;
import java.util.List;

/** A splitter of command lines, which follows the quotes and backslashes of a shell and expands nothing. */
public final class CommandLine {
    private CommandLine() {}

    /**
     * Returns the words of a command line. In {@code '…'} every character is literal. In {@code "…"} and outside
     * quotes, a backslash makes the next character literal.
     *
     * @throws IllegalArgumentException if a quote is not closed, or a backslash is the last character
     */
    public static List<String> split(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\' && quote != '\'') {
                if (++i == line.length()) {
                    throw new IllegalArgumentException("the command ends with a backslash: " + VisibleText.of(line));
                }
                word.append(line.charAt(i));
                inWord = true;
            } else if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '\'' || c == '"') {
                quote = c;
                inWord = true;
            } else if (Character.isWhitespace(c)) {
                if (inWord) {
                    words.add(word.toString());
                    word.setLength(0);
                    inWord = false;
                }
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (quote != 0) {
            throw new IllegalArgumentException("the command has an open " + quote + ": " + VisibleText.of(line));
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }
}
