package io.github.lbkit.docker.internal.engine;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A writer of TAR archives in the ustar format, with files, directories and links. Not thread-safe. */
public final class TarWriter implements AutoCloseable {
    private static final int BLOCK = 512;
    private static final int NAME = 100;
    private static final int PREFIX = 155;

    private final OutputStream to;

    /** Creates a writer to this stream. {@link #close} ends the archive and leaves the stream open. */
    public TarWriter(OutputStream to) {
        this.to = to;
    }

    /** Adds a file. */
    public void file(String path, int mode, byte[] content) throws IOException {
        header(path, mode, content.length, '0', "");
        to.write(content);
        to.write(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
    }

    /** Adds a directory. */
    public void directory(String path, int mode) throws IOException {
        header(path.endsWith("/") ? path : path + "/", mode, 0, '5', "");
    }

    /** Adds a symbolic link. */
    public void link(String path, String target) throws IOException {
        header(path, 0777, 0, '2', target);
    }

    private void header(String path, int mode, long size, char type, String target) throws IOException {
        byte[] header = new byte[BLOCK];
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        int nameStart = 0;
        if (name.length > NAME) {
            nameStart = split(name, path);
            put(header, 345, Arrays.copyOf(name, nameStart - 1));
        }
        put(header, 0, Arrays.copyOfRange(name, nameStart, name.length));
        octal(header, 100, 7, mode);
        octal(header, 108, 7, 0);
        octal(header, 116, 7, 0);
        octal(header, 124, 11, size);
        octal(header, 136, 11, 0);
        header[156] = (byte) type;
        byte[] linked = target.getBytes(StandardCharsets.UTF_8);
        if (linked.length > NAME) {
            throw new IOException("the link " + path + " has a target of more than " + NAME + " bytes");
        }
        put(header, 157, linked);
        put(header, 257, "ustar\00000".getBytes(StandardCharsets.US_ASCII));
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        octal(header, 148, 6, sum);
        header[154] = 0;
        to.write(header);
    }

    /** Returns the index at which a long path is split into a prefix and a name. */
    private static int split(byte[] name, String path) throws IOException {
        for (int i = Math.max(1, name.length - NAME - 1); i < Math.min(PREFIX + 1, name.length); i++) {
            if (name[i] == '/' && name.length - i - 1 <= NAME && i + 1 < name.length) {
                return i + 1;
            }
        }
        throw new IOException("the path " + path + " is too long for an archive");
    }

    private static void put(byte[] header, int at, byte[] value) {
        System.arraycopy(value, 0, header, at, value.length);
    }

    private static void octal(byte[] header, int at, int digits, long value) {
        String text = Long.toOctalString(value);
        put(header, at, ("0".repeat(digits - text.length()) + text).getBytes(StandardCharsets.US_ASCII));
    }

    /** Writes the end of the archive. */
    @Override
    public void close() throws IOException {
        to.write(new byte[2 * BLOCK]);
        to.flush();
    }
}
