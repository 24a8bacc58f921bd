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
 * The output file of one process, and its previous part, which was set aside when the file became too long. The
 * process holds the file open for appending, even after its owner has ended. So the file is copied and truncated
 * instead of renamed; output between the copy and the truncation is lost. Confined to the launcher's thread.
 */
final class OutputFile {
    /** The suffix of the part that was set aside. */
    static final String ASIDE = ".1";

    private static final int TAIL = 16_384;

    private final Path file;
    private final Path aside;

    OutputFile(Path file) {
        this.file = file;
        this.aside = file.resolveSibling(file.getFileName() + ASIDE);
    }

    /** Sets the end of the file aside, up to the limit, and truncates it, if it is longer than the limit. */
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

    /** Returns the last bytes of the output, including the part set aside if the file alone has few lines. */
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
