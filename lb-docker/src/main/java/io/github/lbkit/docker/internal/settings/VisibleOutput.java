package io.github.lbkit.docker.internal.settings;

/**
 * Foreign text for messages: control and format characters are escaped, so that they cannot break lines or control a
 * terminal.
 */
public final class VisibleOutput {
    private VisibleOutput() {}

    /** Returns the text with its control and format characters as escapes. */
    public static String of(String text) {
        StringBuilder visible = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean hidden = Character.isISOControl(c)
                    || Character.getType(c) == Character.FORMAT
                    || Character.getType(c) == Character.LINE_SEPARATOR
                    || Character.getType(c) == Character.PARAGRAPH_SEPARATOR;
            visible.append(hidden ? String.format("\\u%04x", (int) c) : String.valueOf(c));
        }
        return visible.toString();
    }
}
