package io.github.lbkit.api.internal;

/**
 * The conversion of foreign text for error messages and logs: characters that are invisible, or change how other
 * characters are shown, are written as {@code \}{@code uXXXX}.
 */
public final class VisibleText {
    private VisibleText() {}

    /** Returns the text with every invisible character escaped. */
    public static String of(String text) {
        StringBuilder visible = new StringBuilder(text.length());
        text.codePoints().forEach(character -> {
            if (isVisible(character)) {
                visible.appendCodePoint(character);
            } else {
                for (char unit : Character.toChars(character)) {
                    visible.append(String.format("\\u%04x", (int) unit));
                }
            }
        });
        return visible.toString();
    }

    /** Returns whether the character is visible or a blank. */
    public static boolean isVisible(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            case Character.SPACE_SEPARATOR -> character == ' ';
            // fillers of Hangul and Braille are letters and symbols by their type, and blank
            default ->
                character != 0x115F
                        && character != 0x1160
                        && character != 0x3164
                        && character != 0xFFA0
                        && character != 0x2800
                        && !isVariationSelector(character);
        };
    }

    private static boolean isVariationSelector(int character) {
        return (character >= 0xFE00 && character <= 0xFE0F)
                || (character >= 0xE0100 && character <= 0xE01EF)
                || character == 0x034F;
    }
}
