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

/** The one place where what goes wrong with an engine gets its name. Immutable. */
public final class EngineFailures {
    private static final int MOST_WORDS = 300;
    public static final String PULL_HINT = "; pull or build it, or let it be pulled (pull=missing)";

    /** What Podman answers with status 500 and Docker with 409, by the field that Docker's answers do not have. */
    private static final Set<String> PODMANS_CONFLICTS =
            Set.of("that name is already in use", "container state improper", "container already exists");

    private final EngineAddress address;

    EngineFailures(EngineAddress address) {
        this.address = address;
    }

    /** What a status above 399 means. */
    EngineException refused(EngineCall call, int status, byte[] body) {
        String message = call + " at " + address + ": " + words(status, body);
        if (status == 500 && PODMANS_CONFLICTS.contains(cause(body))) {
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

    /** What it means that a call ended without an answer. */
    EngineException broken(EngineCall call, Throwable thrown) {
        Throwable cause = rootOf(thrown);
        if (cause instanceof SocketTimeoutException) {
            return late(call);
        }
        String said = String.valueOf(cause.getMessage());
        String lower = said.toLowerCase(Locale.ROOT);
        if (lower.contains("permission denied")) {
            return new EngineException.NoPermission(
                    "no permission to talk to the engine at " + address
                            + ": the user must be root, or in the group that owns the socket (docker)",
                    cause);
        } else if (cause instanceof SSLException) {
            return new EngineException.NoPermission(
                    "no TLS with the engine at " + address + ": " + said + "; look at DOCKER_CERT_PATH", cause);
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
                    "no engine at " + address + ": " + said + "; start Docker, or name another by DOCKER_HOST", cause);
        }
        return new EngineException.Broken(call + " at " + address + ": the connection broke: " + cause, cause);
    }

    /** What it means that the time was over. */
    EngineException late(EngineCall call) {
        return new EngineException.NoAnswer(
                call + " at " + address + ": no answer within " + call.within().toMillis() + " ms");
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

    private static String words(int status, byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8).strip();
        Optional<String> message = Optional.empty();
        try {
            message = Json.parse(body).at("message").text();
        } catch (IOException notJson) {
            // a filter in front of the engine answers in other forms
        }
        String words = message.orElse(text.isEmpty() ? "no reason given" : text);
        return words.substring(0, Math.min(words.length(), MOST_WORDS)) + " (status " + status + ")";
    }
}
