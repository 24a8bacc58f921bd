package io.github.lbkit.docker.internal.engine;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes an archive in the form that engines read (ustar): files, directories, links. Not thread-safe. */
public final class TarWriter implements AutoCloseable {
    private static final int BLOCK = 512;
    private static final int NAME = 100;
    private static final int PREFIX = 155;

    private final OutputStream to;

    /** Writes to this stream, which {@link #close} ends and does not close. */
    public TarWriter(OutputStream to) {
        this.to = to;
    }

    /** Adds a file. */
    public void file(String path, int mode, byte[] content) throws IOException {
        head(path, mode, content.length, '0', "");
        to.write(content);
        to.write(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
    }

    /** Adds a directory. */
    public void directory(String path, int mode) throws IOException {
        head(path.endsWith("/") ? path : path + "/", mode, 0, '5', "");
    }

    /** Adds a symbolic link. */
    public void link(String path, String target) throws IOException {
        head(path, 0777, 0, '2', target);
    }

    private void head(String path, int mode, long size, char type, String target) throws IOException {
        byte[] head = new byte[BLOCK];
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        int cut = 0;
        if (name.length > NAME) {
            cut = cut(name, path);
            put(head, 345, Arrays.copyOf(name, cut - 1));
        }
        put(head, 0, Arrays.copyOfRange(name, cut, name.length));
        octal(head, 100, 7, mode);
        octal(head, 108, 7, 0);
        octal(head, 116, 7, 0);
        octal(head, 124, 11, size);
        octal(head, 136, 11, 0);
        head[156] = (byte) type;
        byte[] linked = target.getBytes(StandardCharsets.UTF_8);
        if (linked.length > NAME) {
            throw new IOException("the link " + path + " has a target of more than " + NAME + " bytes");
        }
        put(head, 157, linked);
        put(head, 257, "ustar\00000".getBytes(StandardCharsets.US_ASCII));
        Arrays.fill(head, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : head) {
            sum += b & 0xff;
        }
        octal(head, 148, 6, sum);
        head[154] = 0;
        to.write(head);
    }

    /** Where a long path is cut into a prefix and a name. */
    private static int cut(byte[] name, String path) throws IOException {
        for (int i = Math.max(1, name.length - NAME - 1); i < Math.min(PREFIX + 1, name.length); i++) {
            if (name[i] == '/' && name.length - i - 1 <= NAME && i + 1 < name.length) {
                return i + 1;
            }
        }
        throw new IOException("the path " + path + " is too long for an archive");
    }

    private static void put(byte[] head, int at, byte[] value) {
        System.arraycopy(value, 0, head, at, value.length);
    }

    private static void octal(byte[] head, int at, int digits, long value) {
        String text = Long.toOctalString(value);
        put(head, at, ("0".repeat(digits - text.length()) + text).getBytes(StandardCharsets.US_ASCII));
    }

    /** Ends the archive. */
    @Override
    public void close() throws IOException {
        to.write(new byte[2 * BLOCK]);
        to.flush();
    }
}
