package io.slipway.manager.tasks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.manager.api.TaskRunner;
import io.slipway.manager.store.TaskRecord;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.identity.AccessKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TaskEngineTest {

    private final MemoryTaskStore store = new MemoryTaskStore();
    private final List<String> runs = new CopyOnWriteArrayList<>();
    private final List<TaskEngine> engines = new CopyOnWriteArrayList<>();
    private volatile CountDownLatch goOn = new CountDownLatch(0);

    @AfterEach
    void stop() {
        goOn.countDown();
        engines.forEach(TaskEngine::stop);
    }

    /** A process of a manager. */
    private TaskEngine engine(String name, Duration claim) {
        var settings = new TaskEngine.Settings(name, 2, claim, Duration.ofDays(1));
        var engine = new TaskEngine(
                store,
                kind -> kind.equals("count") ? Optional.of(new Counting(name)) : Optional.empty(),
                InstantSource.system(),
                settings,
                () -> {});
        engines.add(engine);
        engine.start();
        return engine;
    }

    private final class Counting implements TaskRunner {

        private final String name;

        Counting(String name) {
            this.name = name;
        }

        @Override
        public String kind() {
            return "count";
        }

        @Override
        public String run(Map<String, String> arguments, Progress progress) {
            runs.add(name);
            progress.tell(1, 2, "half");
            while (goOn.getCount() > 0 && !progress.isStopping()) {
                Thread.onSpinWait();
            }
            var fails = arguments.getOrDefault("fails", "");
            if (fails.equals("words")) {
                throw new SlipwayException(FailureCode.UNAVAILABLE, "the registry is away");
            }
            if (fails.equals("crash")) {
                throw new IllegalStateException("secret");
            }
            progress.tell(2, 2, "all");
            return "counted";
        }
    }

    private TaskRecord put(String kind, Map<String, String> arguments, Instant createdAt) {
        var task = new TaskRecord(
                UUID.randomUUID(),
                kind,
                new AccessKey("AKIATESTTESTTESTTEST"),
                arguments,
                TaskRecord.Status.STARTED,
                "",
                0,
                0,
                createdAt,
                null);
        store.insert(task);
        return task;
    }

    private TaskRecord put(String fails) {
        return put("count", Map.of("fails", fails), Instant.now());
    }

    private TaskRecord stored(TaskRecord task) {
        return store.find(task.id()).orElseThrow();
    }

    private static void await(BooleanSupplier condition) {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "not true within 15 s");
            Thread.onSpinWait();
        }
    }

    @Test
    void runsWhatIsStoredAndStoresHowItWent() {
        var good = put("");
        var failing = put("words");
        var crashing = put("crash");
        engine("a", Duration.ofSeconds(10));
        await(() -> List.of(good, failing, crashing).stream()
                .allMatch(task -> stored(task).isFinished()));
        assertEquals(TaskRecord.Status.DONE, stored(good).status());
        assertEquals("counted", stored(good).message());
        assertEquals(2, stored(good).current());
        assertEquals(TaskRecord.Status.FAILED, stored(failing).status());
        assertEquals("the registry is away", stored(failing).message());
        assertTrue(stored(crashing).message().startsWith("internal failure"));
        assertTrue(!stored(crashing).message().contains("secret"));
    }

    @Test
    void showsHowFarATaskHasCome() {
        goOn = new CountDownLatch(1);
        var task = put("");
        var engine = engine("a", Duration.ofSeconds(10));
        await(() -> engine.running(task.id())
                .filter(now -> now.message().equals("half"))
                .isPresent());
        await(() -> stored(task).current() == 1);
        goOn.countDown();
        await(() -> stored(task).isFinished() && engine.running(task.id()).isEmpty());
    }

    @Test
    void goesOnAtOnceAfterAnOrderlyStop() {
        goOn = new CountDownLatch(1);
        var task = put("");
        var first = engine("a", Duration.ofMinutes(10));
        await(() -> runs.equals(List.of("a")));
        first.stop();
        assertEquals(TaskRecord.Status.STARTED, stored(task).status());
        goOn.countDown();
        engine("b", Duration.ofMinutes(10));
        await(() -> stored(task).isFinished());
        assertEquals(List.of("a", "b"), runs);
    }

    @Test
    void takesOverFromADeadManagerWhenItsClaimIsOver() {
        var task = put("");
        assertEquals(
                1,
                store.claim("dead", Instant.now(), Instant.now().plusMillis(700), 10)
                        .size());
        engine("b", Duration.ofSeconds(10));
        await(() -> stored(task).isFinished());
        assertEquals(List.of("b"), runs);
    }

    @Test
    void survivesAStoreThatIsAway() {
        goOn = new CountDownLatch(1);
        var task = put("");
        engine("a", Duration.ofSeconds(2));
        await(() -> !runs.isEmpty());
        store.away(true);
        goOn.countDown();
        store.away(false);
        await(() -> stored(task).isFinished());
    }

    @Test
    void givesUpKindsThatNobodyDoes() {
        var old = put("unknown", Map.of(), Instant.now().minusSeconds(3_600));
        var young = put("unknown", Map.of(), Instant.now());
        engine("a", Duration.ofSeconds(10));
        await(() -> stored(old).isFinished());
        assertEquals(TaskRecord.Status.FAILED, stored(old).status());
        assertEquals(TaskRecord.Status.STARTED, stored(young).status());
    }

    @Test
    void runsOnlySoManyAtOnce() {
        goOn = new CountDownLatch(1);
        var tasks = List.of(put(""), put(""), put(""), put(""));
        engine("a", Duration.ofSeconds(10));
        await(() -> runs.size() == 2);
        goOn.countDown();
        await(() -> tasks.stream().allMatch(task -> stored(task).isFinished()));
        assertEquals(4, runs.size());
    }
}
