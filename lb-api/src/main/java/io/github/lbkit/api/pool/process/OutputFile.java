package io.github.lbkit.api.pool.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The file of one process's output, and the part of it that was put aside when it became too long. The process has the file
 * open for appending and keeps it when its owner ends; so the file is copied and cut, not renamed. What the process
 * writes between the copy and the cut is lost. Confined to the launcher's thread.
 */
final class OutputFile {
    /** What is appended to the name of the part that was put aside. */
    static final String ASIDE = ".1";

    private static final int TAIL = 16_384;

    private final Path file;
    private final Path aside;

    OutputFile(Path file) {
        this.file = file;
        this.aside = file.resolveSibling(file.getFileName() + ASIDE);
    }

    /** Puts the end of the file aside, up to the limit, and empties it, if it is longer than the limit. */
    void limit(long limit) throws IOException {
        try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long size = from.size();
            if (size <= limit) {
                return;
            }
            try (FileChannel to = FileChannel.open(
                    aside, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                for (long position = size - limit; position < size; ) {
                    long copied = from.transferTo(position, size - position, to);
                    if (copied <= 0) {
                        break;
                    }
                    position += copied;
                }
            }
            from.truncate(0);
        } catch (NoSuchFileException gone) {
            Files.deleteIfExists(aside);
        }
    }

    /** The last bytes of the output, also of what was put aside if the file alone has few lines. */
    String end() {
        String end = end(file);
        return end.lines().count() > ProcessEnd.LINES ? end : end(aside) + end;
    }

    void delete() throws IOException {
        Files.deleteIfExists(file);
        Files.deleteIfExists(aside);
    }

    private static String end(Path of) {
        try (FileChannel channel = FileChannel.open(of)) {
            ByteBuffer tail = ByteBuffer.allocate(TAIL);
            channel.position(Math.max(0, channel.size() - TAIL));
            while (channel.read(tail) > 0) {}
            return new String(tail.array(), 0, tail.position(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
