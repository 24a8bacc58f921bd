package io.github.lbkit.testkit.docker.internal.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** A reader and writer of tar archives that hold regular files alone. */
public final class Tar {
    private static final int BLOCK = 512;
    private static final int NAME_END = 100;
    private static final int SIZE_AT = 124;
    private static final int SIZE_END = 136;
    private static final int CHECKSUM_AT = 148;
    private static final int TYPE_AT = 156;

    private Tar() {}

    /** Returns the regular files of an archive by name. */
    public static Map<String, byte[]> read(byte[] archive) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        int at = 0;
        while (at + BLOCK <= archive.length && archive[at] != 0) {
            String name = text(archive, at, NAME_END);
            String octal = text(archive, at + SIZE_AT, SIZE_END - SIZE_AT).trim();
            int size = octal.isEmpty() ? 0 : Integer.parseInt(octal, 8);
            byte type = archive[at + TYPE_AT];
            at += BLOCK;
            if (size < 0 || at + size > archive.length) {
                throw new EngineError(400, "the archive ends within '" + name + "'");
            }
            if (type == '0' || type == 0) {
                byte[] content = new byte[size];
                System.arraycopy(archive, at, content, 0, size);
                files.put(name, content);
            }
            at += (size + BLOCK - 1) / BLOCK * BLOCK;
        }
        return files;
    }

    /** Returns an archive of one file. */
    public static byte[] write(String name, byte[] content) {
        byte[] head = new byte[BLOCK];
        put(head, 0, name);
        put(head, NAME_END, "0000644\0" + "0000000\0" + "0000000\0");
        put(head, SIZE_AT, String.format("%011o", content.length) + "\0" + "00000000000\0");
        put(head, CHECKSUM_AT, "        0");
        put(head, TYPE_AT + 1 + NAME_END, "ustar\0" + "00");
        int sum = 0;
        for (byte b : head) {
            sum += b & 0xff;
        }
        put(head, CHECKSUM_AT, String.format("%06o", sum) + "\0 ");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(head);
        out.writeBytes(content);
        out.writeBytes(new byte[(BLOCK - content.length % BLOCK) % BLOCK + 2 * BLOCK]);
        return out.toByteArray();
    }

    private static void put(byte[] block, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, block, at, bytes.length);
    }

    private static String text(byte[] archive, int at, int maxLength) {
        int length = 0;
        while (length < maxLength && archive[at + length] != 0) {
            length++;
        }
        return new String(archive, at, length, StandardCharsets.UTF_8);
    }
}
