package io.slipway.runtime.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.slipway.model.kernel.KernelId;
import io.slipway.runtime.spi.KernelRuntime;
import io.slipway.runtime.spi.KernelSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures our kernels against a bare shell loop of the same sandbox, in turn. Not part of the tests; run it by
 * {@code benchmarks/process-floor.sh}.
 */
class ProcessFloorBenchmark {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessFloorBenchmark.class);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int ROUNDS = Integer.getInteger("rounds", 7);
    private static final int KERNELS = Integer.getInteger("kernels", 40);

    private static final List<String> TRUE = List.of("/usr/bin/true");
    private static final List<String> PYTHON = List.of("/usr/bin/python3", "-I", "-c", "print(1 + 1)");

    @Test
    void againstTheBareLoop() throws Exception {
        var fixture = new ProcessFixture();
        try {
            var runtime = fixture.open();
            var results = new LinkedHashMap<String, Object>();
            results.put("isRoot", fixture.settings().isRoot());
            results.put("status", runtime.traits().status());
            results.put("true", compare(fixture, runtime, TRUE));
            results.put("python", compare(fixture, runtime, PYTHON));
            results.put("startMillis", startLatency(fixture, runtime));
            var file = Path.of(System.getProperty("result", "target/process-floor.json"));
            Files.writeString(
                    file,
                    JsonMapper.builder()
                            .build()
                            .writerWithDefaultPrettyPrinter()
                            .writeValueAsString(results));
            LOG.info("{}", Files.readString(file));
        } finally {
            fixture.close();
        }
    }

    private static Map<String, Object> compare(ProcessFixture fixture, KernelRuntime runtime, List<String> command)
            throws Exception {
        var model = fixture.spec(new KernelId(UUID.randomUUID()), command);
        runtime.create(model, LIMIT);
        ours(fixture, runtime, command);
        bare(fixture, model, command);
        var ratios = new ArrayList<Double>();
        var our = new ArrayList<Double>();
        var floor = new ArrayList<Double>();
        for (var round = 0; round < ROUNDS; round++) {
            our.add(ours(fixture, runtime, command));
            floor.add(bare(fixture, model, command));
            ratios.add(floor.getLast() / our.getLast());
        }
        runtime.remove(model.kernel());
        return Map.of(
                "ratio", spread(ratios),
                "ourMillisPerKernel", spread(our),
                "bareMillisPerKernel", spread(floor));
    }

    /** Returns milliseconds per kernel: created, started, ended, removed. */
    private static double ours(ProcessFixture fixture, KernelRuntime runtime, List<String> command) throws Exception {
        var specs = specs(fixture, command);
        var begin = System.nanoTime();
        for (var spec : specs) {
            runtime.create(spec, LIMIT);
            runtime.start(spec.kernel(), LIMIT);
            assertEquals(
                    0, runtime.awaitExit(spec.kernel(), LIMIT).orElseThrow().exitCode());
            runtime.remove(spec.kernel());
        }
        return (System.nanoTime() - begin) / 1e6 / KERNELS;
    }

    private static List<KernelSpec> specs(ProcessFixture fixture, List<String> command) throws IOException {
        var specs = new ArrayList<KernelSpec>();
        for (var i = 0; i < KERNELS; i++) {
            specs.add(fixture.spec(new KernelId(UUID.randomUUID()), command));
        }
        return specs;
    }

    private static double bare(ProcessFixture fixture, KernelSpec model, List<String> command) throws Exception {
        var folder = new KernelFolder(
                fixture.settings().kernels().resolve(model.kernel().toString()));
        var hasGroups = Files.isDirectory(Path.of("/sys/fs/cgroup/memory/slipway"))
                && fixture.settings().isRoot();
        var script = Files.createTempFile("bare-loop", ".sh");
        try (var stream = ProcessFloorBenchmark.class.getResourceAsStream("bare-loop.sh")) {
            Files.write(script, stream.readAllBytes());
        }
        var line = new ArrayList<>(List.of(
                "/bin/sh",
                script.toString(),
                Integer.toString(KERNELS),
                Integer.toString(folder.note().orElseThrow().uid()),
                folder.file("sandbox.args").toString(),
                fixture.settings().kernels().resolve(".shared/filter.bpf").toString(),
                hasGroups
                        ? "slipway/"
                                + ProcessSettings.shortName(fixture.settings().kernels())
                        : ""));
        line.addAll(command);
        var begin = System.nanoTime();
        var process = new ProcessBuilder(line)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertEquals(0, process.waitFor());
        var millis = (System.nanoTime() - begin) / 1e6 / KERNELS;
        Files.delete(script);
        return millis;
    }

    /** Returns milliseconds from create to the main program running, which is what a user waits for. */
    private static Map<String, Object> startLatency(ProcessFixture fixture, KernelRuntime runtime) throws Exception {
        var millis = new ArrayList<Double>();
        for (var spec : specs(fixture, List.of("/usr/bin/sleep", "1000"))) {
            var begin = System.nanoTime();
            runtime.create(spec, LIMIT);
            runtime.start(spec.kernel(), LIMIT);
            millis.add((System.nanoTime() - begin) / 1e6);
            runtime.stop(spec.kernel(), Duration.ZERO);
            runtime.remove(spec.kernel());
        }
        return spread(millis);
    }

    private static Map<String, Object> spread(List<Double> values) {
        var sorted = values.stream().sorted().toList();
        var result = new LinkedHashMap<String, Object>();
        result.put("median", round(sorted.get(sorted.size() / 2)));
        result.put("min", round(sorted.getFirst()));
        result.put("max", round(sorted.getLast()));
        return result;
    }

    private static double round(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
