package io.github.lbkit.api.pool.process;

import io.github.lbkit.api.pool.supervised.PoolState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of a pool: its owner's lock, a record of each process, and the outputs. Owned from {@link #open} to
 * {@link #close}. {@code close} may be called on any thread; the other methods are confined to the launcher's thread.
 */
final class StateDirectory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StateDirectory.class);
    private static final String RECORD = ".properties";
    private static final String OUTPUT = ".log";
    private static final String STATE = "pool.state";

    /**
     * The locks that this process holds. Checked before a lock file is opened: where locks belong to processes,
     * closing a second channel to the file would release the lock of the first one.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel lock;

    private StateDirectory(Path directory, FileChannel lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /**
     * Creates the directory if needed, and becomes its owner.
     *
     * @throws IllegalStateException if the directory has an owner
     */
    static StateDirectory open(Path parent, String pool) {
        try {
            Path directory = Files.createDirectories(parent.resolve(pool)).toRealPath();
            Path file = directory.resolve("lock");
            if (!HELD.add(directory)) {
                throw owned(pool, file, Long.toString(ProcessHandle.current().pid()));
            }
            try {
                return new StateDirectory(directory, lock(pool, file));
            } catch (IOException | RuntimeException e) {
                HELD.remove(directory);
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "state directory " + parent.resolve(pool) + " of pool '" + pool + "' cannot be used: "
                            + e.getMessage(),
                    e);
        }
    }

    private static FileChannel lock(String pool, Path file) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            FileLock taken = channel.tryLock();
            if (taken == null) {
                throw owned(pool, file, Files.readString(file).trim());
            }
            channel.truncate(0);
            byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
            channel.write(ByteBuffer.wrap(pid), 0);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static IllegalStateException owned(String pool, Path file, String pid) {
        return new IllegalStateException("pool '" + pool + "' has an owner already: process " + pid + " holds the lock "
                + file + "; stop it, or use another pool name or state directory");
    }

    /** Returns the output file of the instance of this name. */
    Path output(String name) {
        return directory.resolve(name + OUTPUT);
    }

    /** Returns the mark of this instance's process, unique on this machine. */
    String mark(String name) {
        return directory + "/" + name;
    }

    /** Replaces the record in one atomic step. */
    void write(ProcessRecord record) throws IOException {
        Path file = directory.resolve(record.request().name() + RECORD);
        Path temporary = directory.resolve(record.request().name() + ".tmp");
        Files.writeString(temporary, record.text());
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Returns the state that an earlier owner left. A state that cannot be read is logged and ignored. */
    Optional<PoolState> poolState() throws IOException {
        Path file = directory.resolve(STATE);
        try {
            return Optional.of(PoolState.parse(Files.readString(file)));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IllegalArgumentException | MalformedInputException e) {
            LOG.warn("state {} is of no use: {}", file, e.getMessage());
            return Optional.empty();
        }
    }

    /** Replaces the state of the pool in one atomic step; an empty one removes the file. */
    void write(Optional<PoolState> state) throws IOException {
        Path file = directory.resolve(STATE);
        if (state.isEmpty()) {
            Files.deleteIfExists(file);
            return;
        }
        Path temporary = directory.resolve(STATE + ".tmp");
        Files.writeString(temporary, state.get().text());
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Returns all records. A record that cannot be read is logged and removed. */
    List<ProcessRecord> records() throws IOException {
        List<ProcessRecord> records = new ArrayList<>();
        for (Path file : files(RECORD)) {
            try {
                ProcessRecord record = ProcessRecord.parse(Files.readString(file));
                if (!file.getFileName().toString().equals(record.request().name() + RECORD)) {
                    throw new IllegalArgumentException(
                            "it is about '" + record.request().name() + "'");
                }
                records.add(record);
            } catch (NoSuchFileException e) {
                LOG.debug("record {} has just been removed", file);
            } catch (IOException | IllegalArgumentException e) {
                LOG.warn("record {} is removed, it cannot be read: {}", file, e.getMessage());
                delete(file);
            }
        }
        return records;
    }

    void removeRecord(String name) {
        delete(directory.resolve(name + RECORD));
    }

    void removeOutput(String name) {
        try {
            new OutputFile(output(name)).delete();
        } catch (IOException e) {
            LOG.warn("{} cannot be removed: {}", output(name), e.getMessage());
        }
    }

    /** Returns the last lines of an output, for people; empty if there are none. */
    String lastLines(String name) {
        return ProcessEnd.lastLines(new OutputFile(output(name)).end());
    }

    /** Removes the oldest outputs without a record, except for this many. */
    void prune(int kept) {
        try {
            List<Path> outputs = new ArrayList<>();
            for (Path output : files(OUTPUT)) {
                String name = output.getFileName().toString();
                if (!Files.exists(directory.resolve(name.substring(0, name.length() - OUTPUT.length()) + RECORD))) {
                    outputs.add(output);
                }
            }
            outputs.sort(Comparator.comparing(StateDirectory::modified));
            for (int i = 0; i < outputs.size() - kept; i++) {
                new OutputFile(outputs.get(i)).delete();
            }
        } catch (IOException e) {
            LOG.warn("old logs in {} cannot be removed: {}", directory, e.getMessage());
        }
    }

    private List<Path> files(String suffix) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(file -> file.getFileName().toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    private static long modified(Path file) {
        return file.toFile().lastModified();
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("{} cannot be removed: {}", file, e.getMessage());
        }
    }

    /** Releases the directory, whose content stays. */
    @Override
    public void close() {
        if (HELD.remove(directory)) {
            try {
                lock.close();
            } catch (IOException e) {
                LOG.warn("the lock in {} cannot be released: {}", directory, e.getMessage());
            }
        }
    }
}
