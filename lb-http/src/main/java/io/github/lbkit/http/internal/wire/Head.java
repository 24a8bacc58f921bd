package io.github.lbkit.http.internal.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A parsed head, as offsets into an array of bytes. The accessors return absolute offsets. The fields hold offsets from
 * the first byte of the head, so that {@link #rebase} is cheap. The parser reuses one head for all messages. Confined
 * to one thread.
 */
public final class Head {
    /** The bits of {@link #optionFlags}: the options of Connection, and whether Connection lists fields to remove. */
    static final int CLOSE = 1;

    static final int KEEP_ALIVE = 2;
    static final int NAMES_FIELDS = 4;
    static final int UPGRADE = 8;

    private static final String[] METHODS = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"};

    private byte[] bytes;
    private int base;
    private int length;
    private int versionMinor;
    private int methodEnd;
    private int targetStart;
    private int targetEnd;
    private int authorityStart;
    private int authorityEnd;
    private int pathStart;
    private int status;
    private int reasonStart;
    private int reasonEnd;
    private int optionFlags;
    private final FieldTable fields;

    Head() {
        this(new byte[0], new FieldTable());
    }

    private Head(byte[] bytes, FieldTable fields) {
        this.bytes = bytes;
        this.fields = fields;
    }

    /** Returns the array of the offsets. */
    public byte[] bytes() {
        return bytes;
    }

    /** Returns the position of the first byte of the head. */
    public int start() {
        return base;
    }

    /** Returns the position of the body, after the empty line. */
    public int end() {
        return base + length;
    }

    /** Returns 0 for HTTP/1.0, and 1 for HTTP/1.1 and every higher minor version (RFC 9110 2.5). */
    public int versionMinor() {
        return Math.min(versionMinor, 1);
    }

    /** Returns whether the first line has the version HTTP/1.1, so that it can be forwarded unchanged. */
    public boolean isHttp11() {
        return versionMinor == 1;
    }

    /**
     * Returns whether a status line can be forwarded unchanged: it has the version HTTP/1.1 and a blank before the
     * reason.
     */
    public boolean hasPlainStatusLine() {
        return isHttp11() && bytes[base + reasonStart - 1] == ' ';
    }

    /** Returns whether the request names its host, by an absolute target or by a Host field that is not empty. */
    public boolean namesHost() {
        int host = find(FieldName.HOST);
        return isAbsoluteForm() || (host >= 0 && valueEnd(host) > valueStart(host));
    }

    /** Returns the start of a request's method. */
    public int methodStart() {
        return base;
    }

    /** Returns the end of a request's method. */
    public int methodEnd() {
        return base + methodEnd;
    }

    /** Returns the start of a request's target. */
    public int targetStart() {
        return base + targetStart;
    }

    /** Returns the end of a request's target. */
    public int targetEnd() {
        return base + targetEnd;
    }

    /** Returns whether a request's target is an absolute URI. Its authority then takes precedence over Host. */
    public boolean isAbsoluteForm() {
        return authorityEnd > authorityStart;
    }

    /** Returns the start of the authority of an absolute target. */
    public int authorityStart() {
        return base + authorityStart;
    }

    /** Returns the end of the authority of an absolute target. */
    public int authorityEnd() {
        return base + authorityEnd;
    }

    /** Returns the authority of an absolute target. */
    public String authority() {
        return text(authorityStart(), authorityEnd());
    }

    /**
     * Returns the start of the path and query of a request's target; the end of the target if an absolute target has
     * neither.
     */
    public int pathStart() {
        return base + pathStart;
    }

    /** Returns the status of a response, 100 to 999. */
    public int status() {
        return status;
    }

    /** Returns the start of a response's reason. */
    public int reasonStart() {
        return base + reasonStart;
    }

    /** Returns the end of a response's reason. */
    public int reasonEnd() {
        return base + reasonEnd;
    }

    /** Returns the number of fields. */
    public int fieldCount() {
        return fields.count();
    }

    /** Returns the start of a field's line, which is the start of its name. */
    public int nameStart(int i) {
        return base + fields.nameStart(i);
    }

    /** Returns the end of a field's name, which is the position of the colon. */
    public int nameEnd(int i) {
        return base + fields.nameEnd(i);
    }

    /** Returns the start of a field's value, after leading blanks. */
    public int valueStart(int i) {
        return base + fields.valueStart(i);
    }

    /** Returns the end of a field's value, before trailing blanks. */
    public int valueEnd(int i) {
        return base + fields.valueEnd(i);
    }

    /** Returns the end of a field's line, after its line end. */
    public int lineEnd(int i) {
        return i + 1 < fields.count() ? nameStart(i + 1) : end() - 2;
    }

    /** Returns the number of a field in {@link FieldName}. */
    public int known(int i) {
        return fields.known(i);
    }

    /** Returns the method of a request. */
    public String method() {
        for (String method : METHODS) {
            if (methodIs(method)) {
                return method;
            }
        }
        return text(base, methodEnd());
    }

    /** Returns whether a request has this method. Methods are case-sensitive. */
    public boolean methodIs(String method) {
        if (methodEnd != method.length()) {
            return false;
        }
        for (int i = 0; i < methodEnd; i++) {
            if (bytes[base + i] != method.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Returns the target of a request, unchanged. */
    public String target() {
        return text(targetStart(), targetEnd());
    }

    /**
     * Returns the raw path of a request's target; {@code /} if an absolute target has none, {@code *} for {@code *}.
     */
    public String path() {
        int end = queryMark();
        return end == pathStart() ? "/" : text(pathStart(), end);
    }

    /** Returns the raw text after the first question mark of a request's target; null if there is no question mark. */
    public @Nullable String query() {
        int mark = queryMark();
        return mark == targetEnd() ? null : text(mark + 1, targetEnd());
    }

    private int queryMark() {
        int at = pathStart();
        while (at < targetEnd() && bytes[at] != '?') {
            at++;
        }
        return at;
    }

    /** Returns the reason of a response, unchanged. */
    public String reason() {
        return text(reasonStart(), reasonEnd());
    }

    /** Returns the name of a field, unchanged. */
    public String name(int i) {
        return text(nameStart(i), nameEnd(i));
    }

    /** Returns the value of a field without leading and trailing blanks, one char per byte. */
    public String value(int i) {
        return text(valueStart(i), valueEnd(i));
    }

    /** Returns whether a field's value is this ASCII text, in any case. */
    public boolean valueIs(int i, String value) {
        return Octets.equalsIgnoreCase(bytes, valueStart(i), valueEnd(i), value);
    }

    /** Returns whether a field's value begins with this ASCII text, in any case. */
    public boolean valueStartsWith(int i, String prefix) {
        int start = valueStart(i);
        int end = start + prefix.length();
        return end <= valueEnd(i) && Octets.equalsIgnoreCase(bytes, start, end, prefix);
    }

    /** Returns the index of the first field with this number of {@link FieldName}; −1 if there is none. */
    public int find(int known) {
        return findNext(known, 0);
    }

    /** Returns the index of the first field with this number at or after an index; −1 if there is none. */
    public int findNext(int known, int from) {
        return fields.findNext(known, from);
    }

    /** Returns the index of the first field with this name, in any case; −1 if there is none. */
    public int find(String name) {
        return findNext(name, 0);
    }

    /** Returns the index of the first field with this name at or after an index; −1 if there is none. */
    public int findNext(String name, int from) {
        for (int i = from; i < fields.count(); i++) {
            if (Octets.equalsIgnoreCase(bytes, nameStart(i), nameEnd(i), name)) {
                return i;
            }
        }
        return -1;
    }

    /** Replaces the array and the start of the head, after its bytes were moved. */
    public void rebase(byte[] newBytes, int newStart) {
        bytes = newBytes;
        base = newStart;
    }

    /** Returns a copy with an array of its own, which does not change. */
    public Head copy() {
        Head copy = new Head(Arrays.copyOfRange(bytes, base, end()), fields.copy());
        copy.length = length;
        copy.versionMinor = versionMinor;
        copy.methodEnd = methodEnd;
        copy.targetStart = targetStart;
        copy.targetEnd = targetEnd;
        copy.authorityStart = authorityStart;
        copy.authorityEnd = authorityEnd;
        copy.pathStart = pathStart;
        copy.status = status;
        copy.reasonStart = reasonStart;
        copy.reasonEnd = reasonEnd;
        copy.optionFlags = optionFlags;
        return copy;
    }

    private String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    void clear() {
        length = 0;
        authorityStart = 0;
        authorityEnd = 0;
        optionFlags = 0;
        fields.clear();
    }

    void length(int value) {
        length = value;
    }

    void version(int minor) {
        versionMinor = minor;
    }

    void method(int end) {
        methodEnd = end - base;
        targetStart = methodEnd + 1;
    }

    void target(int end) {
        targetEnd = end - base;
        pathStart = targetStart;
    }

    void authority(int from, int to) {
        authorityStart = from - base;
        authorityEnd = to - base;
        pathStart = authorityEnd;
    }

    void status(int code) {
        status = code;
    }

    void reason(int from, int to) {
        reasonStart = from - base;
        reasonEnd = to - base;
    }

    int optionFlags() {
        return optionFlags;
    }

    void optionFlags(int flags) {
        optionFlags = flags;
    }

    /** Returns the table of the fields, for the parser. */
    FieldTable fields() {
        return fields;
    }
}
