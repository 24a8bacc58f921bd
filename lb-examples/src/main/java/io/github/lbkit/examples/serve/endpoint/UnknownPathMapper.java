package io.github.lbkit.examples.serve.endpoint;

import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.RequestHead;
import io.github.lbkit.http.ResponseMapper;
import java.util.Optional;

/** Tells a path that the demo server does not know as 400, in the shape of the other errors. Immutable. */
public final class UnknownPathMapper implements ResponseMapper {
    /** A mapper. */
    public UnknownPathMapper() {}

    @Override
    public Optional<LocalResponse> map(RequestHead request, int status) {
        return status == 404
                ? Optional.of(Json.error(400, "'" + request.path() + "' endpoint does not exist in server replicas"))
                : Optional.empty();
    }
}
