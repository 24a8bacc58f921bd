package io.github.lbkit.docker.internal.lease;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process that owns a pool, named so that another can tell whether it is gone: on the same boot of the same machine,
 * in the same space of process ids, that can be known at once. Immutable.
 *
 * @param host the machine's name, for people
 * @param boot the boot of the machine and the space of process ids; empty where there is none to be known
 * @param pid the process
 * @param start when the process started, in the kernel's ticks; empty where it is not to be known
 */
public record ProcessIdentity(String host, String boot, long pid, String start) {
    private static final int FIRST_AFTER_NAME = 2;
    private static final int START_TICKS = 22;

    /** This process. */
    public static ProcessIdentity here() {
        long pid = ProcessHandle.current().pid();
        return new ProcessIdentity(hostName(), bootId(), pid, startOf(pid));
    }

    /** The holder that this text begins with; empty if there is none. */
    static Optional<ProcessIdentity> parse(String text) {
        String[] parts = text.split(" ", -1);
        return parts.length >= 4 && parts[1].matches("\\d{1,18}")
                ? Optional.of(new ProcessIdentity(parts[0], parts[2], Long.parseLong(parts[1]), parts[3]))
                : Optional.empty();
    }

    /** Whether it is known to have ended. What cannot be known is not. */
    boolean isGone() {
        return !boot.isEmpty() && !start.isEmpty() && boot.equals(bootId()) && !start.equals(startOf(pid));
    }

    @Override
    public String toString() {
        return host + " " + pid + " " + boot + " " + start;
    }

    /** The machine's name as the kernel or the environment has it, which no name server is asked for. */
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

    /** Field 22 of the process's status; the second, its name in parentheses, may hold anything. */
    private static String startOf(long pid) {
        try {
            String status = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] fields =
                    status.substring(status.lastIndexOf(')') + FIRST_AFTER_NAME).split(" ", -1);
            return fields[0].equals("Z") ? "" : fields[START_TICKS - 3];
        } catch (IOException | IndexOutOfBoundsException gone) {
            return "";
        }
    }
}
