package io.github.lbkit.http.client;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.ParseException;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/** The ways in which callers of a classic client read a JSON array of a known length. */
enum ResponseReader {
    TO_STRING,
    TO_BYTES,
    CONSUME,
    CLOSE_ENTITY,
    WRITE_TO,
    ALL_BYTES,
    TRANSFER,
    /** Ends at the last byte of the body, without the read that returns −1. */
    EXACT_BYTES,
    EXACT_SINGLE_BYTES,
    EXACT_SKIP,
    /** Reads half of the body and closes the stream, which reads the rest. */
    HALF_AND_CLOSE,
    /** Stops at the last bracket, and leaves the stream open. */
    JACKSON,
    /** Leaves all to the close of the response. */
    NOTHING;

    /** The length of {@link #body} in bytes. */
    static final int LENGTH = 40_000;

    static String body() {
        return "[" + "1,".repeat(LENGTH / 2 - 2) + "12]";
    }

    /** Reads the response in this way, and does not close it. */
    void read(ClassicHttpResponse response) throws IOException {
        HttpEntity entity = response.getEntity();
        switch (this) {
            case TO_STRING -> text(entity);
            case TO_BYTES -> EntityUtils.toByteArray(entity);
            case CONSUME -> EntityUtils.consume(entity);
            case CLOSE_ENTITY -> entity.close();
            case WRITE_TO -> entity.writeTo(OutputStream.nullOutputStream());
            case ALL_BYTES -> entity.getContent().readAllBytes();
            case TRANSFER -> entity.getContent().transferTo(OutputStream.nullOutputStream());
            case EXACT_BYTES -> entity.getContent().readNBytes(LENGTH);
            case EXACT_SINGLE_BYTES -> singly(entity.getContent());
            case EXACT_SKIP -> entity.getContent().skipNBytes(LENGTH);
            case HALF_AND_CLOSE -> half(entity);
            case JACKSON -> new ObjectMapper().readTree(unclosed(entity.getContent()));
            case NOTHING -> {}
        }
    }

    private static void text(HttpEntity entity) throws IOException {
        try {
            EntityUtils.toString(entity);
        } catch (ParseException e) {
            throw new IOException(e);
        }
    }

    private static void singly(InputStream in) throws IOException {
        for (int i = 0; i < LENGTH; i++) {
            in.read();
        }
    }

    private static void half(HttpEntity entity) throws IOException {
        try (InputStream in = entity.getContent()) {
            in.readNBytes(LENGTH / 2);
        }
    }

    private static InputStream unclosed(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public void close() {
                // the reader leaves that to its caller
            }
        };
    }
}
