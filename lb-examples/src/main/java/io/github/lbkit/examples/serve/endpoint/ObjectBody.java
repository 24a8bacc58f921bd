package io.github.lbkit.examples.serve.endpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.github.lbkit.http.LocalRequest;
import java.io.IOException;
import java.util.Locale;

/** A reader of request bodies that are one JSON object. Stateless. */
public final class ObjectBody {
    /** The maximum length of a body, in bytes. */
    public static final int MAX_BYTES = 64 << 10;

    private ObjectBody() {}

    /** A reader of the fields of an object. */
    public interface Fields {
        /** Reads the value of a key; the parser is at this value. */
        void read(String key, JsonToken value, JsonParser parser) throws IOException, Refusal;
    }

    /**
     * Reads the body field by field. Refuses a body that is too long or not one JSON object of type {@code
     * application/json}.
     *
     * @param allowed the allowed keys, for the error message
     */
    public static void read(LocalRequest request, String allowed, Fields fields) throws Refusal {
        if (request.truncated()) {
            throw new Refusal(413, "the body is larger than " + MAX_BYTES + " bytes");
        }
        requireJson(request);
        try (JsonParser parser = JsonResponse.FACTORY.createParser(request.body())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new Refusal(400, "the body is not a JSON object; " + allowed);
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String key = parser.currentName();
                fields.read(key, parser.nextToken(), parser);
            }
            if (parser.nextToken() != null) {
                throw new Refusal(400, "the body continues after its JSON object");
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

    /** Refuses a request whose content type is not JSON: an HTML form of another page cannot send this type. */
    public static void requireJson(LocalRequest request) throws Refusal {
        String type = request.head().header("Content-Type").orElse("");
        int semicolon = type.indexOf(';');
        String media = (semicolon < 0 ? type : type.substring(0, semicolon)).strip();
        if (!media.toLowerCase(Locale.ROOT).equals("application/json")) {
            throw new Refusal(415, "content type '" + type + "' is not allowed; allowed: application/json");
        }
    }
}
