package io.github.lbkit.docker.internal.lease;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The identity of a process that owns a pool. Another process on the same boot of the same machine, with the same PID
 * namespace, can tell from it at once whether the process has ended. Immutable.
 *
 * @param host the machine's name, for messages
 * @param boot the id of the machine's boot and of the PID namespace; empty if unknown
 * @param pid the process id
 * @param start the start time of the process in kernel ticks; empty if unknown
 */
public record ProcessIdentity(String host, String boot, long pid, String start) {
    private static final int AFTER_NAME = 2;
    private static final int START_TICKS = 22;

    /** Returns the identity of this process. */
    public static ProcessIdentity current() {
        long pid = ProcessHandle.current().pid();
        return new ProcessIdentity(hostName(), bootId(), pid, startOf(pid));
    }

    /** Returns the identity at the start of a text; empty if the text has another form. */
    static Optional<ProcessIdentity> parse(String text) {
        String[] parts = text.split(" ", -1);
        return parts.length >= 4 && parts[1].matches("\\d{1,18}")
                ? Optional.of(new ProcessIdentity(parts[0], parts[2], Long.parseLong(parts[1]), parts[3]))
                : Optional.empty();
    }

    /** Returns true if a text begins with the identity of a process that is known to have ended. */
    static boolean hasEnded(String text) {
        return parse(text).filter(ProcessIdentity::hasEnded).isPresent();
    }

    /** Returns true if the process is known to have ended; false if that cannot be determined. */
    boolean hasEnded() {
        return !boot.isEmpty() && !start.isEmpty() && boot.equals(bootId()) && !start.equals(startOf(pid));
    }

    @Override
    public String toString() {
        return host + " " + pid + " " + boot + " " + start;
    }

    /** Returns the machine's name from the kernel or the environment, without a DNS query. */
    private static String hostName() {
        String name;
        try {
            name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException noLinux) {
            name = System.getenv().getOrDefault("HOSTNAME", System.getenv().getOrDefault("COMPUTERNAME", ""));
        }
        return name.isEmpty() ? "unknown" : name.replaceAll("\\s", "-");
    }

    private static String bootId() {
        try {
            String boot =
                    Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
            return boot + "/" + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
        } catch (IOException | UnsupportedOperationException noLinux) {
            return "";
        }
    }

    /** Returns field 22 of the process's status. Field 2, the name in parentheses, may contain any characters. */
    private static String startOf(long pid) {
        try {
            String status = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] fields =
                    status.substring(status.lastIndexOf(')') + AFTER_NAME).split(" ", -1);
            return fields[0].equals("Z") ? "" : fields[START_TICKS - 3];
        } catch (IOException | IndexOutOfBoundsException gone) {
            return "";
        }
    }
}
