package io.github.lbkit.examples.serve.endpoint.reserved;

import io.github.lbkit.examples.serve.endpoint.JsonResponse;
import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.RequestHead;
import io.github.lbkit.http.ResponseMapper;
import java.util.Optional;

/** A mapper that turns the 404 of a demo server into a 400 in the form of the other errors. Immutable. */
public final class UnknownPathMapper implements ResponseMapper {
    /** Creates a mapper. */
    public UnknownPathMapper() {}

    @Override
    public Optional<LocalResponse> map(RequestHead request, int status) {
        return status == 404
                ? Optional.of(
                        JsonResponse.error(400, "'" + request.path() + "' endpoint does not exist in server replicas"))
                : Optional.empty();
    }
}
