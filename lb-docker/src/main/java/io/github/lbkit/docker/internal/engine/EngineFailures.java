package io.github.lbkit.docker.internal.engine;

import io.github.lbkit.docker.EngineException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;

/** The mapping of failed calls to {@link EngineException}s. Immutable. */
public final class EngineFailures {
    private static final int MAX_REASON_LENGTH = 300;

    /** Advice for a missing image. */
    public static final String PULL_HINT = "; pull or build it, or let the pool pull it (pull=missing)";

    /** The causes of conflicts that Podman answers with status 500 and Docker with 409; Docker sends no such field. */
    private static final Set<String> PODMAN_CONFLICTS =
            Set.of("that name is already in use", "container state improper", "container already exists");

    private final EngineAddress address;

    EngineFailures(EngineAddress address) {
        this.address = address;
    }

    /** Returns the exception for a response with a status of 400 or more. */
    EngineException ofStatus(EngineCall call, int status, byte[] body) {
        String message = call + " at " + address + ": " + reason(status, body);
        if (status == 500 && PODMAN_CONFLICTS.contains(cause(body))) {
            return new EngineException.Conflict(message);
        }
        return switch (status) {
            case 404 -> {
                boolean image = message.toLowerCase(Locale.ROOT).contains("no such image");
                yield new EngineException.NotFound(image ? message + PULL_HINT : message);
            }
            case 409 -> new EngineException.Conflict(message);
            case 400, 401, 403, 405, 501 -> new EngineException.Refused(message);
            default -> new EngineException.Failed(message);
        };
    }

    /** Returns the exception for a call that ended without a response. */
    EngineException ofBrokenCall(EngineCall call, Throwable thrown) {
        Throwable cause = rootOf(thrown);
        if (cause instanceof SocketTimeoutException) {
            return ofTimeout(call);
        }
        String detail = String.valueOf(cause.getMessage());
        String lower = detail.toLowerCase(Locale.ROOT);
        if (lower.contains("permission denied")) {
            return new EngineException.NoPermission(
                    "no permission to talk to the engine at " + address
                            + ": the user must be root, or in the group that owns the socket (docker)",
                    cause);
        } else if (cause instanceof SSLException) {
            return new EngineException.NoPermission(
                    "no TLS with the engine at " + address + ": " + detail + "; check DOCKER_CERT_PATH", cause);
        } else if (lower.contains("no such file")) {
            return new EngineException.NotRunning(
                    "no engine at " + address
                            + ": the socket does not exist; start Docker, or name another by DOCKER_HOST",
                    cause);
        } else if (cause instanceof ConnectException
                || cause instanceof UnknownHostException
                || cause instanceof NoRouteToHostException
                || lower.contains("connection refused")) {
            return new EngineException.NotRunning(
                    "no engine at " + address + ": " + detail + "; start Docker, or name another by DOCKER_HOST",
                    cause);
        }
        return new EngineException.Broken(call + " at " + address + ": the connection broke: " + cause, cause);
    }

    /** Returns the exception for a call whose timeout has expired. */
    EngineException ofTimeout(EngineCall call) {
        return new EngineException.NoAnswer(
                call + " at " + address + ": no answer within " + call.timeout().toMillis() + " ms");
    }

    private static Throwable rootOf(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null && (!(cause instanceof IOException) || cause.getMessage() == null)) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static String cause(byte[] body) {
        try {
            return Json.parse(body).at("cause").text("");
        } catch (IOException notJson) {
            return "";
        }
    }

    private static String reason(int status, byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8).strip();
        Optional<String> message = Optional.empty();
        try {
            message = Json.parse(body).at("message").text();
        } catch (IOException notJson) {
            // a filter in front of the engine may answer in another format
        }
        String reason = message.orElse(text.isEmpty() ? "no reason given" : text);
        return reason.substring(0, Math.min(reason.length(), MAX_REASON_LENGTH)) + " (status " + status + ")";
    }
}
