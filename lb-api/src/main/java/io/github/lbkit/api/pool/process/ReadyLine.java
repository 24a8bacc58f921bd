package io.github.lbkit.api.pool.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A search for a line in a growing file, which reads each byte once. Confined to the launcher's thread. */
final class ReadyLine {
    /** The maximum length in bytes of the output before the line. */
    static final int MOST_BYTES = 1 << 20;

    private final Path file;
    private final Pattern pattern;
    private final ByteBuffer chunk = ByteBuffer.allocate(1 << 14);
    private final StringBuilder partial = new StringBuilder();
    private long offset;

    ReadyLine(Path file, Pattern pattern) {
        this.file = file;
        this.pattern = pattern;
    }

    /** Returns the first complete line that matches, if there is one yet. */
    Optional<Matcher> look() throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            channel.position(offset);
            chunk.clear();
            for (int count; (count = channel.read(chunk)) > 0; chunk.clear()) {
                offset += count;
                if (offset > MOST_BYTES) {
                    throw new IOException("no ready line '" + pattern + "' within " + MOST_BYTES + " bytes of output");
                }
                partial.append(new String(chunk.array(), 0, count, StandardCharsets.ISO_8859_1));
            }
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        for (int end; (end = partial.indexOf("\n")) >= 0; ) {
            Matcher matcher = pattern.matcher(partial.substring(0, end));
            partial.delete(0, end + 1);
            if (matcher.find()) {
                return Optional.of(matcher);
            }
        }
        return Optional.empty();
    }
}
