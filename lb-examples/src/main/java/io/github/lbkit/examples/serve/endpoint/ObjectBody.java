package io.github.lbkit.examples.serve.endpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.github.lbkit.http.LocalRequest;
import java.io.IOException;
import java.util.Locale;

/** Reads a request's body that is one JSON object, key by key, and says what is wrong with it. Stateless. */
public final class ObjectBody {
    /** The longest body, in bytes. */
    public static final int MAX_BYTES = 64 << 10;

    private ObjectBody() {}

    /** Takes the value of a key, on which the parser stands. */
    interface Fields {
        void read(String key, JsonToken value, JsonParser parser) throws IOException, Refusal;
    }

    /**
     * Reads the body, which says that it is JSON.
     *
     * @param allowed the keys that there are, for people
     */
    static void read(LocalRequest request, String allowed, Fields fields) throws Refusal {
        if (request.truncated()) {
            throw new Refusal(413, "the body is larger than " + MAX_BYTES + " bytes");
        }
        requireJson(request);
        try (JsonParser parser = Json.FACTORY.createParser(request.body())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new Refusal(400, "the body is not a JSON object; " + allowed);
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String key = parser.currentName();
                fields.read(key, parser.nextToken(), parser);
            }
            if (parser.nextToken() != null) {
                throw new Refusal(400, "the body goes on after its JSON object");
            }
        } catch (JsonProcessingException e) {
            throw new Refusal(
                    400,
                    "the body is not JSON: " + e.getOriginalMessage() + " (line "
                            + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ")");
        } catch (IOException e) {
            throw new Refusal(400, "the body is not JSON: " + e.getMessage());
        }
    }

    /** Refuses a body that does not say that it is JSON: what a form of another page can send never does. */
    static void requireJson(LocalRequest request) throws Refusal {
        String type = request.head().header("Content-Type").orElse("");
        int semicolon = type.indexOf(';');
        String media = (semicolon < 0 ? type : type.substring(0, semicolon)).strip();
        if (!media.toLowerCase(Locale.ROOT).equals("application/json")) {
            throw new Refusal(415, "content type '" + type + "' is not allowed; allowed: application/json");
        }
    }
}
