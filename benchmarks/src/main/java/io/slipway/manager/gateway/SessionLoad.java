package io.slipway.manager.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Durable sessions per second over the runtime that does nothing, on a running home. Each client keeps one connection, posts
 * a session and is answered when it runs, deletes it and is answered when it has ended; every answer stands for what a
 * {@code kill -9} does not undo.
 */
public final class SessionLoad {

    private static final String IMAGE = "noop/noop:latest";
    private static final int ROUNDS = 7;

    private SessionLoad() {}

    /** One life, in nanoseconds. */
    private record Life(long toRunning, long toTerminated) {}

    /** Takes the path of {@code client.env}, the number of clients and sessions per round. */
    public static void main(String[] args) throws Exception {
        var target = ReadLoad.live(Path.of(args[0]), "unused");
        var clients = Integer.parseInt(args[1]);
        var sessions = Integer.parseInt(args[2]);
        round(target, clients, sessions);
        round(target, clients, sessions);
        var rates = new ArrayList<Double>();
        var lives = new ArrayList<Life>();
        for (int i = 0; i < ROUNDS; i++) {
            var began = System.nanoTime();
            lives.addAll(round(target, clients, sessions));
            rates.add(sessions / ((System.nanoTime() - began) / 1e9));
        }
        print(Json.text(report(clients, rates, lives)));
    }

    private static Map<String, Object> report(int clients, List<Double> rates, List<Life> lives) {
        var sorted = rates.stream().sorted().toList();
        var result = new LinkedHashMap<String, Object>();
        result.put("benchmark", "durable sessions over noop, " + clients + " clients");
        result.put("unit", "sessions/s, from acceptance to the confirmed end");
        result.put("more is better", true);
        result.put(
                "ours",
                Map.of(
                        "median", tenths(sorted.get(sorted.size() / 2)),
                        "lowest", tenths(sorted.getFirst()),
                        "highest", tenths(sorted.getLast()),
                        "count", sorted.size()));
        result.put(
                "create to RUNNING, ms",
                quantiles(lives.stream().map(Life::toRunning).toList()));
        result.put(
                "destroy to TERMINATED, ms",
                quantiles(lives.stream().map(Life::toTerminated).toList()));
        return result;
    }

    private static Map<String, Double> quantiles(List<Long> nanos) {
        var sorted = nanos.stream().sorted().toList();
        return Map.of(
                "p50", tenths(sorted.get(sorted.size() / 2) / 1e6),
                "p99", tenths(sorted.get(sorted.size() * 99 / 100) / 1e6));
    }

    private static double tenths(double value) {
        return Math.round(value * 10) / 10.0;
    }

    private static List<Life> round(ReadLoad.Target target, int clients, int sessions) throws Exception {
        var left = new AtomicInteger(sessions);
        var lives = new ArrayList<Life>();
        try (var threads = Executors.newFixedThreadPool(clients)) {
            Callable<List<Life>> living = () -> live(target, left);
            var running = new ArrayList<Future<List<Life>>>();
            for (int i = 0; i < clients; i++) {
                running.add(threads.submit(living));
            }
            for (var one : running) {
                lives.addAll(one.get());
            }
        }
        return lives;
    }

    private static List<Life> live(ReadLoad.Target target, AtomicInteger left) throws IOException {
        var lives = new ArrayList<Life>();
        try (var socket = target.connect()) {
            var in = new BufferedInputStream(socket.getInputStream(), 16_384);
            while (left.getAndDecrement() > 0) {
                lives.add(live(target, socket, in));
            }
        }
        return lives;
    }

    private static Life live(ReadLoad.Target target, Socket socket, BufferedInputStream in) throws IOException {
        var name = "load-" + UUID.randomUUID();
        var wish = Json.text(Map.of(
                        "name",
                        name,
                        "image",
                        IMAGE,
                        "enqueueOnly",
                        false,
                        "maxWaitSeconds",
                        60,
                        "reuseIfExists",
                        false,
                        "config",
                        Map.of("resources", Map.of("cpu", "1", "mem", "256m"))))
                .getBytes(UTF_8);
        var began = System.nanoTime();
        socket.getOutputStream().write(target.request("POST", "/session", wish));
        expect(in, "\"status\":\"RUNNING\"");
        var ran = System.nanoTime();
        socket.getOutputStream().write(target.request("DELETE", "/session/" + name, new byte[0]));
        expect(in, "\"status\":\"terminated\"");
        return new Life(ran - began, System.nanoTime() - ran);
    }

    /** Whatever else is answered, an end that is still under way included, ends the measurement. */
    private static void expect(BufferedInputStream in, String status) throws IOException {
        var answer = new String(ReadLoad.answer(in), UTF_8);
        if (!answer.contains(status)) {
            throw new IOException("not " + status + ": " + answer);
        }
    }

    private static void print(String line) throws IOException {
        try (var out = new FileOutputStream(FileDescriptor.out)) {
            out.write((line + "\n").getBytes(UTF_8));
        }
    }
}
