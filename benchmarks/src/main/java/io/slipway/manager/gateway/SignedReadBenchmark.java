package io.slipway.manager.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.slipway.lib.http.FloorServer;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Signed {@code GET /session/{s}} against a bare Jetty handler with the same bytes, in turn, each server in a JVM of its
 * own. Without arguments the gateway alone, its session in memory; with {@code client.env} and a session's name or id the
 * whole server of a running home.
 */
public final class SignedReadBenchmark {

    private static final int ROUNDS = 7;
    private static final int CONNECTIONS = 16;
    private static final Duration WARM_UP = Duration.ofSeconds(8);
    private static final Duration ROUND = Duration.ofSeconds(4);

    private SignedReadBenchmark() {}

    /** Takes nothing, or the path of {@code client.env} and a session. */
    public static void main(String[] args) throws Exception {
        try (var servers = new Servers()) {
            var ours = args.length == 2 ? ReadLoad.live(Path.of(args[0]), args[1]) : own(servers);
            var payload = Files.createTempFile("slipway-bench", ".json");
            Files.write(payload, ReadLoad.fetch(ours));
            var port = servers.start(FloorServer.class, payload.toString());
            var floor = new ReadLoad.Target("127.0.0.1:" + port, "floor", "floor", ours.path());
            print(Json.text(compare(ours, floor, args.length == 2, Files.size(payload))));
            Files.delete(payload);
        }
    }

    private static ReadLoad.Target own(Servers servers) throws IOException {
        var port = servers.start(ReadServer.class);
        return new ReadLoad.Target(
                "127.0.0.1:" + port, ReadServer.ACCESS_KEY, ReadServer.SECRET_KEY, "/session/" + ReadServer.SESSION);
    }

    private static Map<String, Object> compare(
            ReadLoad.Target ours, ReadLoad.Target floor, boolean isWholeServer, long bytes) throws Exception {
        ReadLoad.run(ours, CONNECTIONS, WARM_UP);
        ReadLoad.run(floor, CONNECTIONS, WARM_UP);
        var oursRates = new ArrayList<Double>();
        var floorRates = new ArrayList<Double>();
        for (var i = 0; i < ROUNDS; i++) {
            oursRates.add(ReadLoad.run(ours, CONNECTIONS, ROUND));
            floorRates.add(ReadLoad.run(floor, CONNECTIONS, ROUND));
        }
        var result = new LinkedHashMap<String, Object>();
        result.put("benchmark", isWholeServer ? "signed read, whole server" : "signed read, gateway alone");
        result.put("unit", "requests/s over " + CONNECTIONS + " connections, " + bytes + " bytes each");
        result.put("more is better", true);
        result.put("ours", summary(oursRates));
        result.put("floor", summary(floorRates));
        result.put("ratio", Math.round(1_000 * median(oursRates) / median(floorRates)) / 1_000.0);
        return result;
    }

    private static Map<String, Object> summary(List<Double> rates) {
        var sorted = rates.stream().sorted().toList();
        return Map.of(
                "median", Math.round(median(rates)),
                "lowest", Math.round(sorted.getFirst()),
                "highest", Math.round(sorted.getLast()),
                "count", rates.size());
    }

    private static double median(List<Double> rates) {
        return rates.stream().sorted().toList().get(rates.size() / 2);
    }

    /** The servers that were started, to be stopped in the end. */
    private static final class Servers implements AutoCloseable {

        private final List<Process> processes = new ArrayList<>();

        int start(Class<?> main, String... arguments) throws IOException {
            var command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx512m",
                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                    "-cp",
                    System.getProperty("java.class.path"),
                    main.getName()));
            command.addAll(List.of(arguments));
            var process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            processes.add(process);
            var reader = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
            return Optional.ofNullable(reader.readLine())
                    .filter(line -> line.startsWith("port "))
                    .map(line -> Integer.valueOf(line.substring(5)))
                    .orElseThrow(() -> new IOException(main.getSimpleName() + " did not start"));
        }

        @Override
        public void close() {
            processes.forEach(Process::destroy);
        }
    }

    private static void print(String line) throws IOException {
        try (var out = new FileOutputStream(FileDescriptor.out)) {
            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }
}
