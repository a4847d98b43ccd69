package io.slipway.manager.agents;

import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.agent.api.Agent;
import io.slipway.agent.api.AgentReport;
import io.slipway.model.agent.AgentId;
import io.slipway.model.agent.AgentStatus;
import io.slipway.model.agent.DeviceCapacity;
import io.slipway.model.agent.DeviceId;
import io.slipway.model.slot.SlotName;
import io.slipway.model.slot.SlotType;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LiveAgentDirectoryTest {

    private static final AgentId NODE_A = new AgentId("node-a");

    private final MemoryAgentStore store = new MemoryAgentStore();
    private Instant now = Instant.EPOCH;
    private long ticks;
    private LiveAgentDirectory directory = directory();

    private LiveAgentDirectory directory() {
        return new LiveAgentDirectory(store, () -> now, () -> ticks, ofSeconds(30), ofSeconds(5));
    }

    @AfterEach
    void stop() {
        directory.stop();
    }

    private void pass(Duration time) {
        now = now.plus(time);
        ticks += time.toNanos();
    }

    private void sweepEach(Duration total) {
        for (var passed = Duration.ZERO; passed.compareTo(total) < 0; passed = passed.plusSeconds(5)) {
            pass(ofSeconds(5));
            directory.sweep();
        }
    }

    private static AgentReport report(int cores, Map<String, String> liveStat) {
        return new AgentReport(
                NODE_A,
                "default",
                "local",
                "0.1.0",
                "x86_64",
                Map.of(SlotName.CPU, SlotType.COUNT, new SlotName("cuda.device"), SlotType.COUNT),
                List.of(new DeviceCapacity(new DeviceId("0"), SlotName.CPU, BigDecimal.valueOf(cores), true, -1)),
                Map.of("cpu", "1.0.0"),
                Map.of("process", "ok"),
                List.of("local/python:3"),
                liveStat,
                Map.of());
    }

    private AgentStatus status() {
        return directory.find(NODE_A).orElseThrow().record().status();
    }

    @Test
    void storesWhatChangedAndKeepsTheRestInMemory() {
        directory.heard(report(4, Map.of("mem.current", "1")));
        directory.heard(report(4, Map.of("mem.current", "2")));
        assertEquals(1, store.saves);
        assertEquals(
                Map.of("mem.current", "2"), directory.find(NODE_A).orElseThrow().liveStat());
        directory.heard(report(8, Map.of()));
        assertEquals(2, store.saves);
        pass(ofSeconds(61));
        directory.heard(report(8, Map.of()));
        assertEquals(3, store.saves);
        assertEquals(List.of("local/python:3"), directory.agents().getFirst().installedImages());
    }

    @Test
    void marksSilentAgentOnceAndTakesItBack() {
        directory.heard(report(4, Map.of()));
        sweepEach(ofSeconds(60));
        assertEquals(List.of(Map.of(NODE_A, AgentStatus.LOST)), store.statuses);
        assertEquals(AgentStatus.LOST, status());
        directory.heard(report(4, Map.of()));
        assertEquals(AgentStatus.ALIVE, status());
        assertEquals(AgentStatus.ALIVE, store.find(NODE_A).orElseThrow().status());
    }

    @Test
    void findsAgentsOfTheTableSilentAfterTheirPatience() {
        directory.heard(report(4, Map.of()));
        directory.stop();
        pass(Duration.ofHours(1));
        directory = directory();
        directory.seed();
        sweepEach(ofSeconds(30));
        assertEquals(AgentStatus.ALIVE, status());
        sweepEach(ofSeconds(5));
        assertEquals(AgentStatus.LOST, status());
    }

    @Test
    void pauseOfTheProcessIsNoSilence() {
        directory.heard(report(4, Map.of()));
        pass(Duration.ofMinutes(5));
        directory.sweep();
        assertEquals(AgentStatus.ALIVE, status());
    }

    @Test
    void wallClockDoesNotCount() {
        directory.heard(report(4, Map.of()));
        now = now.plusSeconds(86_400);
        directory.sweep();
        assertEquals(AgentStatus.ALIVE, status());
    }

    @Test
    void databaseThatIsAwayMakesNoAgentLost() {
        directory.heard(report(4, Map.of()));
        store.isAway = true;
        for (var i = 0; i < 20; i++) {
            pass(ofSeconds(5));
            try {
                directory.heard(report(4 + i, Map.of()));
            } catch (io.slipway.model.failure.SlipwayException e) {
                assertEquals(io.slipway.model.failure.FailureCode.UNAVAILABLE, e.code());
            }
            directory.sweep();
        }
        assertEquals(AgentStatus.ALIVE, status());
    }

    @Test
    void connectsToAgentsOfThisProcessAsTheyComeAndGo() throws InterruptedException {
        var told = new Semaphore(0);
        directory.onChange(told::release);
        var agent = new UnreachableAgent();
        directory.bindAgent(agent, Map.of(Agent.ID_PROPERTY, "node-a"));
        assertTrue(told.tryAcquire(5, TimeUnit.SECONDS));
        assertEquals(agent, directory.connect(NODE_A).orElseThrow());
        directory.unbindAgent(agent, Map.of(Agent.ID_PROPERTY, "node-a"));
        assertTrue(told.tryAcquire(5, TimeUnit.SECONDS));
        assertTrue(directory.connect(NODE_A).isEmpty());
    }

    @Test
    void tellsChangesButNotMeasurements() throws Exception {
        var told = new Semaphore(0);
        try (var watch = directory.onChange(told::release)) {
            directory.heard(report(4, Map.of()));
            assertTrue(told.tryAcquire(5, TimeUnit.SECONDS));
            directory.heard(report(4, Map.of("mem.current", "2")));
            directory.heard(report(8, Map.of()));
            assertTrue(told.tryAcquire(5, TimeUnit.SECONDS));
            assertEquals(0, told.availablePermits());
            assertTrue(watch != null);
        }
        directory.heard(report(4, Map.of()));
        assertEquals(0, told.availablePermits());
    }

    @Test
    void alwaysKnowsProcessorAndMemory() {
        assertEquals(Map.of(SlotName.CPU, SlotType.COUNT, SlotName.MEM, SlotType.BYTES), directory.slotTypes());
        directory.heard(report(4, Map.of()));
        assertEquals(3, directory.slotTypes().size());
    }

    @Test
    void refusesImpatience() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new LiveAgentDirectory(store, () -> now, () -> ticks, ofSeconds(5), ofSeconds(5)));
    }
}
