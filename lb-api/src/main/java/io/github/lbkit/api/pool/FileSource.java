package io.github.lbkit.api.pool;

import io.github.lbkit.api.internal.VisibleText;
import io.github.lbkit.api.pool.spi.ListedServer;
import io.github.lbkit.api.pool.spi.PolledPool;
import io.github.lbkit.api.runtime.Scheduler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A source that reads servers from a file. The file is read only if its time, size or identity has changed, or if its
 * last change is too recent to tell. A change is accepted when a second reading shortly afterwards finds the same
 * content.
 */
final class FileSource implements PolledPool.Source {
    /** The time for which a changed file must stay the same. */
    static final Duration SETTLE = Duration.ofMillis(100);

    /** The time after a change during which another change may not move the time of the file. */
    private static final long COARSE_CLOCK_MILLIS = TimeUnit.SECONDS.toMillis(3);

    private static final long MOST_BYTES = 16L * 1024 * 1024;
    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int READINGS = 20;

    private final Path file;

    /** The version that was accepted last; confined to the worker after the first reading. */
    private @Nullable Version accepted;

    private List<ListedServer> servers = List.of();

    private record Stamp(
            FileTime modified, long size, @Nullable Object identity) {}

    private record Version(Stamp stamp, String hash) {
        boolean sameContent(Version other) {
            return hash.equals(other.hash);
        }
    }

    private record Content(Version version, String text) {}

    FileSource(Path file) {
        this.file = file;
    }

    /** Reads the file on the caller's thread, before the first poll. */
    List<ListedServer> readNow() {
        try {
            return accept(read());
        } catch (IOException e) {
            throw new IllegalArgumentException(told(e), e);
        }
    }

    @Override
    public String name() {
        return "file " + file;
    }

    @Override
    public Duration timeout() {
        return TIMEOUT;
    }

    @Override
    public CompletionStage<List<ListedServer>> poll(Scheduler worker) {
        CompletableFuture<List<ListedServer>> answer = new CompletableFuture<>();
        attempt(worker, answer, null, READINGS);
        return answer;
    }

    /** Reads the file once. Schedules a second reading for a change that no earlier reading has found. */
    private void attempt(
            Scheduler worker,
            CompletableFuture<List<ListedServer>> answer,
            @Nullable Version unconfirmed,
            int readings) {
        try {
            Version known = accepted;
            if (known != null && unchanged(known.stamp(), worker.now())) {
                answer.complete(servers);
                return;
            }
            Content content = read();
            Version version = content.version();
            if (known != null && known.sameContent(version)) {
                accepted = version;
                answer.complete(servers);
            } else if (unconfirmed != null && unconfirmed.sameContent(version)) {
                answer.complete(accept(content));
            } else if (readings > 1) {
                worker.schedule(SETTLE, () -> attempt(worker, answer, version, readings - 1));
            } else {
                throw new IllegalArgumentException("file " + file + " does not stop changing");
            }
        } catch (IOException e) {
            answer.completeExceptionally(new IllegalArgumentException(told(e), e));
        } catch (RuntimeException | Error e) {
            answer.completeExceptionally(e);
        }
    }

    private List<ListedServer> accept(Content content) {
        servers = ServerLines.parse(file.toString(), content.text());
        accepted = content.version();
        return servers;
    }

    private boolean unchanged(Stamp known, Instant now) throws IOException {
        long sinceChange = now.toEpochMilli() - known.modified().toMillis();
        return sinceChange > COARSE_CLOCK_MILLIS && stamp().equals(known);
    }

    private Stamp stamp() throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    }

    private Content read() throws IOException {
        Stamp before = stamp();
        if (before.size() > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "file " + file + " has " + before.size() + " bytes, more than " + MOST_BYTES);
        }
        byte[] bytes = Files.readAllBytes(file);
        return new Content(new Version(before, hash(bytes)), text(bytes));
    }

    private String text(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("file " + file + " is not UTF-8", e);
        }
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private String told(IOException e) {
        return VisibleText.of(
                e instanceof NoSuchFileException
                        ? "file " + file + " does not exist"
                        : "file " + file + " cannot be read: "
                                + Objects.requireNonNullElse(e.getMessage(), e.toString()));
    }
}
