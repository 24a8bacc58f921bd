package io.github.lbkit.http.internal.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A parsed head, as offsets into an array of bytes. All offsets that it gives are absolute; inside they are relative to
 * its first byte, so that {@link #rebase} costs nothing. Reused for each message of its parser; confined to one thread.
 */
public final class Head {
    /** What {@link #optionFlags} says of Connection: its options, and whether it names fields to remove. */
    static final int CLOSE = 1;

    static final int KEEP_ALIVE = 2;
    static final int NAMES_FIELDS = 4;

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

    /** The array that the offsets point into. */
    public byte[] bytes() {
        return bytes;
    }

    /** Where the head begins. */
    public int start() {
        return base;
    }

    /** Where the body begins: after the empty line. */
    public int end() {
        return base + length;
    }

    /** 0 for HTTP/1.0, 1 for HTTP/1.1 and every higher minor version (RFC 9110 2.5). */
    public int versionMinor() {
        return Math.min(versionMinor, 1);
    }

    /** Returns whether the first line says HTTP/1.1, so that it can go on as it came. */
    boolean saysHttp11() {
        return versionMinor == 1;
    }

    /** Returns whether a response's first line can go on as it came: it says HTTP/1.1, and has the blank before the reason. */
    boolean hasPlainStatusLine() {
        return saysHttp11() && bytes[base + reasonStart - 1] == ' ';
    }

    /** Returns whether the request names its host: by an absolute target, or by a Host field that is not empty. */
    public boolean namesHost() {
        int host = find(FieldName.HOST);
        return isAbsoluteForm() || (host >= 0 && valueEnd(host) > valueStart(host));
    }

    /** Where a request's method begins. */
    public int methodStart() {
        return base;
    }

    /** Where a request's method ends. */
    public int methodEnd() {
        return base + methodEnd;
    }

    /** Where a request's target begins. */
    public int targetStart() {
        return base + targetStart;
    }

    /** Where a request's target ends. */
    public int targetEnd() {
        return base + targetEnd;
    }

    /** Whether a request's target is an absolute URI: its authority then stands in for Host. */
    public boolean isAbsoluteForm() {
        return authorityEnd > authorityStart;
    }

    /** Where the authority of an absolute target begins. */
    public int authorityStart() {
        return base + authorityStart;
    }

    /** Where the authority of an absolute target ends. */
    public int authorityEnd() {
        return base + authorityEnd;
    }

    /** Returns the authority of an absolute target. */
    public String authority() {
        return text(authorityStart(), authorityEnd());
    }

    /** Where path and query of a request's target begin; the end of the target if an absolute one has neither. */
    public int pathStart() {
        return base + pathStart;
    }

    /** A response's status, 100 to 999. */
    public int status() {
        return status;
    }

    /** Where a response's reason begins. */
    public int reasonStart() {
        return base + reasonStart;
    }

    /** Where a response's reason ends. */
    public int reasonEnd() {
        return base + reasonEnd;
    }

    /** How many fields there are. */
    public int fieldCount() {
        return fields.count();
    }

    /** Where a field's line begins, which is its name. */
    public int nameStart(int i) {
        return base + fields.nameStart(i);
    }

    /** Where a field's name ends: at the colon. */
    public int nameEnd(int i) {
        return base + fields.nameEnd(i);
    }

    /** Where a field's value begins, without blanks. */
    public int valueStart(int i) {
        return base + fields.valueStart(i);
    }

    /** Where a field's value ends, without blanks. */
    public int valueEnd(int i) {
        return base + fields.valueEnd(i);
    }

    /** Where a field's line ends, after its line end. */
    public int lineEnd(int i) {
        return i + 1 < fields.count() ? nameStart(i + 1) : end() - 2;
    }

    /** Which field this is, by the numbers of {@link FieldName}. */
    public int known(int i) {
        return fields.known(i);
    }

    /** A request's method. */
    public String method() {
        for (String method : METHODS) {
            if (methodIs(method)) {
                return method;
            }
        }
        return text(base, methodEnd());
    }

    /** Whether a request's method is this one; methods have a case. */
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

    /** A request's target, as it came. */
    public String target() {
        return text(targetStart(), targetEnd());
    }

    /** The path of a request's target, raw; {@code /} if an absolute target has none, {@code *} for {@code *}. */
    public String path() {
        int end = queryMark();
        return end == pathStart() ? "/" : text(pathStart(), end);
    }

    /** What stands after the first question mark of a request's target, raw; null if there is none. */
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

    /** A response's reason, as it came. */
    public String reason() {
        return text(reasonStart(), reasonEnd());
    }

    /** A field's name, as it came. */
    public String name(int i) {
        return text(nameStart(i), nameEnd(i));
    }

    /** A field's value without outer blanks, one char a byte. */
    public String value(int i) {
        return text(valueStart(i), valueEnd(i));
    }

    /** Whether a field's value is this ASCII text, in any case. */
    public boolean valueIs(int i, String value) {
        return Octets.equalsIgnoreCase(bytes, valueStart(i), valueEnd(i), value);
    }

    /** Whether a field's value begins with this ASCII text, in any case. */
    public boolean valueStartsWith(int i, String prefix) {
        int start = valueStart(i);
        int end = start + prefix.length();
        return end <= valueEnd(i) && Octets.equalsIgnoreCase(bytes, start, end, prefix);
    }

    /** The first field of this number, one of {@link FieldName}; -1 if there is none. */
    public int find(int known) {
        return findNext(known, 0);
    }

    /** The first field of this number at this index or behind it; -1 if there is none. */
    public int findNext(int known, int from) {
        return fields.findNext(known, from);
    }

    /** The first field of this name, in any case; -1 if there is none. */
    public int find(String name) {
        return findNext(name, 0);
    }

    /** The first field of this name at this index or behind it; -1 if there is none. */
    public int findNext(String name, int from) {
        for (int i = from; i < fields.count(); i++) {
            if (Octets.equalsIgnoreCase(bytes, nameStart(i), nameEnd(i), name)) {
                return i;
            }
        }
        return -1;
    }

    /** Says that the same bytes, from {@link #start} on, stand in this array from here on. */
    public void rebase(byte[] newBytes, int newStart) {
        bytes = newBytes;
        base = newStart;
    }

    /** A copy with bytes of its own, which nothing changes. */
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

    /** The offsets of the fields, for who reads them in. */
    FieldTable fields() {
        return fields;
    }
}
