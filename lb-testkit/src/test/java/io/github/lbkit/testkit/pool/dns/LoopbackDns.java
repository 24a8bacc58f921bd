package io.github.lbkit.testkit.pool.dns;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A name server on 127.0.0.1 that knows what a test tells it, over UDP and TCP. */
final class LoopbackDns implements AutoCloseable {
    private static final Map<String, Integer> TYPES = Map.of("A", 1, "AAAA", 28, "SRV", 33);
    private static final int NAME_UNKNOWN = 3;
    private static final int TRUNCATED = 0x0200;

    /** Who answers, and how. */
    enum Mood {
        ANSWERING,
        SILENT,
        FAILING,
        CUTTING
    }

    final List<String> asked = new CopyOnWriteArrayList<>();
    volatile Mood mood = Mood.ANSWERING;

    private final Map<String, List<String>> records = new ConcurrentHashMap<>();
    private final ServerSocket tcp;
    private final DatagramSocket udp;

    LoopbackDns() throws IOException {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        tcp = new ServerSocket(0, 50, loopback);
        udp = new DatagramSocket(tcp.getLocalPort(), loopback);
        start("dns-udp", this::serveUdp);
        start("dns-tcp", this::serveTcp);
    }

    String address() {
        return "127.0.0.1:" + tcp.getLocalPort();
    }

    /** The records of a name and type, as they stand in a zone: addresses, or {@code priority weight port target}. */
    void set(String name, String type, String... data) {
        records.put(name + " " + type, List.of(data));
    }

    void forget() {
        records.clear();
    }

    private interface Service {
        void serve() throws IOException;
    }

    private void start(String name, Service service) {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (!udp.isClosed()) {
                            service.serve();
                        }
                    } catch (IOException e) {
                        udp.close();
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private void serveUdp() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[512], 512);
        udp.receive(packet);
        byte[] answer = answer(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()), mood == Mood.CUTTING);
        if (mood != Mood.SILENT) {
            udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
        }
    }

    private void serveTcp() throws IOException {
        try (Socket socket = tcp.accept()) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] question = in.readNBytes(in.readUnsignedShort());
            byte[] answer = answer(ByteBuffer.wrap(question), false);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeShort(answer.length);
            out.write(answer);
            out.flush();
        }
    }

    private byte[] answer(ByteBuffer question, boolean cut) throws IOException {
        int id = question.getShort(0) & 0xffff;
        question.position(12);
        StringBuilder name = new StringBuilder();
        for (int length; (length = question.get()) > 0; ) {
            byte[] label = new byte[length];
            question.get(label);
            name.append(name.length() == 0 ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
        }
        int type = question.getShort();
        String typeName = TYPES.entrySet().stream()
                .filter(one -> one.getValue() == type)
                .findFirst()
                .orElseThrow()
                .getKey();
        String wanted = name.toString().toLowerCase(Locale.ROOT) + " " + typeName;
        asked.add(wanted);
        boolean known = records.keySet().stream().anyMatch(one -> one.startsWith(name + " "));
        List<String> found = cut || mood == Mood.FAILING ? List.of() : records.getOrDefault(wanted, List.of());
        int code = mood == Mood.FAILING ? 2 : known ? 0 : NAME_UNKNOWN;

        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(id);
        out.writeShort(0x8580 | code | (cut ? TRUNCATED : 0));
        out.writeShort(1);
        out.writeShort(found.size());
        out.writeInt(0);
        out.write(name(name.toString()));
        out.writeShort(type);
        out.writeShort(1);
        for (String record : found) {
            byte[] data = data(typeName, record);
            out.writeShort(0xc00c);
            out.writeShort(type);
            out.writeShort(1);
            out.writeInt(60);
            out.writeShort(data.length);
            out.write(data);
        }
        return bytes.toByteArray();
    }

    private static byte[] data(String type, String record) throws IOException {
        if (!type.equals("SRV")) {
            return InetAddress.getByName(record).getAddress();
        }
        List<String> words = List.of(record.split(" ", -1));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        for (int i = 0; i < 3; i++) {
            out.writeShort(Integer.parseInt(words.get(i)));
        }
        out.write(name(words.get(3)));
        return bytes.toByteArray();
    }

    private static byte[] name(String name) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String label : List.of(name.split("\\.", -1))) {
            if (!label.isEmpty()) {
                bytes.write(label.length());
                bytes.write(label.getBytes(StandardCharsets.US_ASCII));
            }
        }
        bytes.write(0);
        return bytes.toByteArray();
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
    }
}
