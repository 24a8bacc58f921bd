package io.github.lbkit.http.internal.client;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Path;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.core5.http.HttpHost;
import org.jspecify.annotations.Nullable;

/**
 * Access to HttpClient's support for Unix domain sockets, which it has since 5.6. Routes of older versions have none.
 * Stateless.
 */
public final class UnixSockets {
    private static final @Nullable MethodHandle OF_ROUTE =
            method(HttpRoute.class, "getUnixDomainSocket", MethodType.methodType(Path.class));
    private static final @Nullable MethodHandle OF_REQUEST = method(
            RequestConfig.Builder.class,
            "setUnixDomainSocket",
            MethodType.methodType(RequestConfig.Builder.class, Path.class));
    private static final @Nullable MethodHandle NEW_ROUTE = newRoute();

    private UnixSockets() {}

    private static @Nullable MethodHandle method(Class<?> owner, String name, MethodType type) {
        try {
            return MethodHandles.publicLookup().findVirtual(owner, name, type);
        } catch (NoSuchMethodException | IllegalAccessException e) {
            return null;
        }
    }

    private static @Nullable MethodHandle newRoute() {
        try {
            return MethodHandles.publicLookup()
                    .findConstructor(
                            HttpRoute.class,
                            MethodType.methodType(void.class, HttpHost.class, boolean.class, Path.class));
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

    /**
     * Returns the route to a server behind a Unix domain socket.
     *
     * @throws UnsupportedOperationException if HttpClient has no such routes
     */
    static HttpRoute route(HttpHost server, boolean secure, Path socket) {
        return (HttpRoute) supported(invoke(supported(NEW_ROUTE), server, secure, socket));
    }

    /**
     * Sets the Unix domain socket that a request is sent to, in place of its host.
     *
     * @throws UnsupportedOperationException if HttpClient has no such setting
     */
    public static void use(RequestConfig.Builder config, Path socket) {
        invoke(supported(OF_REQUEST), config, socket);
    }

    private static <T> T supported(@Nullable T found) {
        if (found == null) {
            throw new UnsupportedOperationException("a Unix domain socket needs HttpClient 5.6 or later");
        }
        return found;
    }

    private static @Nullable Object invoke(MethodHandle handle, Object... arguments) {
        try {
            return handle.invokeWithArguments(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("HttpClient threw a checked exception", e);
        }
    }
}
