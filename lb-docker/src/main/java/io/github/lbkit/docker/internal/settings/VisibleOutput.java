package io.github.lbkit.docker.internal.settings;

/** Text of others for messages: control and format characters are written as escapes, so that no line or terminal is upset. */
public final class VisibleOutput {
    private VisibleOutput() {}

    /** The text with its control characters made visible. */
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
