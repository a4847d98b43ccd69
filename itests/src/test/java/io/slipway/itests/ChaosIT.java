package io.slipway.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code ./slipway chaos} runs; Maven is a script here that notes how it was called. */
class ChaosIT {

    private FakeCheckout checkout;
    private Path calls;
    private Map<String, String> environment;

    @BeforeEach
    void makeMaven() throws IOException {
        checkout = new FakeCheckout();
        calls = checkout.root().resolve("calls");
        var bin = Files.createDirectories(checkout.root().resolve("tools"));
        var target = Files.createDirectories(checkout.root().resolve("itests/target"));
        Files.writeString(target.resolve("swaps.txt"), "some figures\n");
        var maven = Files.writeString(
                bin.resolve("mvn"),
                "#!/bin/sh\necho \"$*\" >>" + calls + "\ncase \"$*\" in *\"$FAILS\"*) exit 1 ;; esac\n"
                        + "case \"$*\" in *\"$ENGINE\"*) echo 'figures of Docker' >" + target
                        + "/swaps-docker.txt ;; esac\n");
        assertTrue(maven.toFile().setExecutable(true, false));
        environment = Map.of("PATH", bin + ":" + System.getenv("PATH"), "FAILS", "nothing", "ENGINE", "DockerSwapIT");
    }

    @AfterEach
    void remove() throws Exception {
        checkout.close();
    }

    @Test
    void swapsEveryKindManyTimesAndKillsTheServerAgainAndAgain() throws IOException {
        var result = checkout.slipway(environment, "chaos").succeeded();

        assertTrue(result.out().contains("some figures"), result::all);
        assertTrue(result.out().contains("figures of Docker"), result::all);
        var classes = Files.readAllLines(calls).stream()
                .map(line -> line.replaceAll(".*-Dtest=(\\w+).*", "$1"))
                .toList();
        assertEquals(List.of("SwapIT", "DockerSwapIT", "BadSwapIT"), classes.subList(0, 3));
        assertEquals(List.of("KillNineIT"), classes.stream().skip(3).distinct().toList());
        assertEquals(23, classes.size());
        assertEquals(
                2,
                Files.readAllLines(calls).stream()
                        .filter(line -> line.contains("-Dslipway.swaps=150"))
                        .count());
    }

    @Test
    void saysThatDockerIsLeftOutWhereThereIsNoEngine() throws IOException {
        var without = new HashMap<>(environment);
        without.put("ENGINE", "no-engine");
        Files.writeString(checkout.root().resolve("itests/target/swaps-docker.txt"), "figures of long ago\n");
        var result = checkout.slipway(without, "chaos", "swaps", "7").succeeded();
        assertTrue(result.out().contains("left out: it wants root and dockerd"), result::all);
        assertFalse(result.all().contains("figures of long ago"), result::all);
        assertEquals(3, Files.readAllLines(calls).size());
    }

    @Test
    void runsOneOfThemAsOftenAsItIsTold() throws IOException {
        checkout.slipway(environment, "chaos", "kills", "3").succeeded();
        assertEquals(3, Files.readAllLines(calls).size());
        checkout.slipway(environment, "chaos", "swaps", "7").succeeded();
        assertTrue(Files.readString(calls).contains("-Dslipway.swaps=7"));
    }

    @Test
    void endsWithTheFirstThatFails() throws IOException {
        var failing = new HashMap<>(environment);
        failing.put("FAILS", "KillNineIT");
        var result = checkout.slipway(failing, "chaos", "kills", "3");
        assertEquals(1, result.exit());
        assertTrue(result.all().contains("KillNineIT failed"), result::all);
        assertEquals(1, Files.readAllLines(calls).size());
    }

    @Test
    void refusesWordsThatItDoesNotKnow() {
        assertTrue(checkout.slipway(environment, "chaos", "fly").all().contains("unknown word fly"));
        assertTrue(
                checkout.slipway(environment, "chaos", "kills", "often").all().contains("no number of times"));
        assertTrue(Files.notExists(calls));
    }
}
