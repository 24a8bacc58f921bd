package io.github.lbkit.api.internal.pool.provider;

import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.internal.VisibleText;
import io.github.lbkit.api.pool.FilePool;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.pool.spi.PoolUri;
import io.github.lbkit.api.pool.spi.ServerPoolProvider;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/** The provider of {@link FilePool}s: {@code file:} and a path. */
public final class FilePoolProvider implements ServerPoolProvider {
    /** For {@link java.util.ServiceLoader}. */
    public FilePoolProvider() {}

    @Override
    public String scheme() {
        return "file";
    }

    @Override
    public Set<String> options() {
        return Set.of("poll-millis", "drain-seconds");
    }

    @Override
    public String usage() {
        return "the path of a file with one server a line, id host:port weight=2 label=x, and # comments; options:"
                + " poll-millis=1000, drain-seconds=30; such as file:/etc/lbkit/servers.txt";
    }

    @Override
    public ServerPool open(PoolUri uri, PoolContext context) {
        if (uri.body().isBlank()) {
            throw new IllegalArgumentException("file: names no file; it takes " + usage());
        }
        FilePool.Options options = new FilePool.Options(
                Duration.ofMillis(uri.intOption("poll-millis", 1_000, 10, 3_600_000)),
                Duration.ofSeconds(uri.intOption("drain-seconds", 30, 0, 3_600)));
        try {
            return FilePool.open(context, Path.of(uri.body()), options);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(
                    VisibleText.of("file: '" + uri.body() + "' is not a path: " + e.getMessage()), e);
        }
    }
}
