package io.github.lbkit.http.internal.client;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Path;
import org.apache.hc.client5.http.HttpRoute;
import org.jspecify.annotations.Nullable;

/**
 * Access to the Unix domain socket of a route, which HttpClient has since 5.6. Routes of older versions have none.
 * Stateless.
 */
final class UnixSockets {
    private static final @Nullable MethodHandle OF_ROUTE = find();

    private UnixSockets() {}

    private static @Nullable MethodHandle find() {
        try {
            return MethodHandles.publicLookup()
                    .findVirtual(HttpRoute.class, "getUnixDomainSocket", MethodType.methodType(Path.class));
        } catch (NoSuchMethodException | IllegalAccessException e) {
            return null;
        }
    }

    /** Returns whether the route leads to a Unix domain socket. */
    static boolean isUsedBy(HttpRoute route) {
        MethodHandle ofRoute = OF_ROUTE;
        if (ofRoute == null) {
            return false;
        }
        try {
            return (Path) ofRoute.invokeExact(route) != null;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("an accessor of HttpClient's route threw a checked exception", e);
        }
    }
}
