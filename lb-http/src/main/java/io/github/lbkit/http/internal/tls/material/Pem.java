package io.github.lbkit.http.internal.tls.material;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The blocks of a PEM file (RFC 7468), in order. Text between blocks is skipped. Stateless. */
final class Pem {
    private static final Pattern BEGIN =
            Pattern.compile("(?m)^(?:\u00ef\u00bb\u00bf)?[ \\t]*-----BEGIN ([A-Z0-9 ]+)-----[ \\t]*\\r?$");

    private Pem() {}

    /** One block. Immutable; the array is shared and must not be changed. */
    static final class Block {
        private final String label;
        private final boolean hasHeaders;
        private final byte[] der;

        private Block(String label, boolean hasHeaders, byte[] der) {
            this.label = label;
            this.hasHeaders = hasHeaders;
            this.der = der;
        }

        /** The word between BEGIN and the hyphens, such as {@code CERTIFICATE}. */
        String label() {
            return label;
        }

        /** True if the block begins with header lines, as keys in OpenSSL's own encryption do. */
        boolean hasHeaders() {
            return hasHeaders;
        }

        /** The decoded content; empty if there are headers. */
        byte[] der() {
            return der;
        }
    }

    /** Returns whether a file has at least one block. */
    static boolean isPem(byte[] content) {
        return BEGIN.matcher(text(content)).find();
    }

    /**
     * Returns the blocks of a file.
     *
     * @throws IllegalArgumentException if a block has no end, or is not Base64; the message names the file
     */
    static List<Block> blocks(String file, byte[] content) {
        String text = text(content);
        List<Block> blocks = new ArrayList<>();
        Matcher begin = BEGIN.matcher(text);
        for (int from = 0; begin.find(from); ) {
            String label = begin.group(1);
            String last = "-----END " + label + "-----";
            int end = text.indexOf(last, begin.end());
            if (end < 0) {
                throw new IllegalArgumentException(file + " is cut off: its block " + label + " has no end");
            }
            blocks.add(block(file, label, text.substring(begin.end(), end)));
            from = end + last.length();
        }
        return blocks;
    }

    private static Block block(String file, String label, String body) {
        if (body.indexOf(':') >= 0) {
            return new Block(label, true, new byte[0]);
        }
        try {
            return new Block(label, false, Base64.getDecoder().decode(body.replaceAll("\\s+", "")));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + " is damaged: its block " + label + " is not Base64", e);
        }
    }

    private static String text(byte[] content) {
        return new String(content, StandardCharsets.ISO_8859_1);
    }
}
