package io.slipway.manager.session;

import static io.slipway.manager.session.Town.job;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.manager.api.CreateSession;
import io.slipway.manager.api.ImageCatalog;
import io.slipway.manager.scheduler.ScheduleExplainer;
import io.slipway.manager.store.KernelMove;
import io.slipway.manager.store.Transition;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.image.Image;
import io.slipway.model.image.ImageRef;
import io.slipway.model.kernel.ExitReason;
import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelStatus;
import io.slipway.model.session.ClusterMode;
import io.slipway.model.session.SessionId;
import io.slipway.model.session.SessionResult;
import io.slipway.model.session.SessionStatus;
import io.slipway.model.session.SessionType;
import io.slipway.model.slot.SlotAmounts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions that are not to start yet, for their time or for others before them, on the real store and scheduler. */
class HeldBackTest extends OneAgentTown {

    private final ScheduleExplainer explain = explainer();
    private SteppedSessions sessions = sessions();

    HeldBackTest() {
        super(64);
    }

    private void settle() {
        settle(sessions);
        clock.forward(Duration.ofSeconds(2));
        sessions.runAll();
    }

    private void ends(SessionId session, int code) {
        var reason = code == 0 ? ExitReason.TASK_FINISHED : ExitReason.TASK_FAILED;
        var ended = new KernelMove.Ended(new KernelExit(reason, code, ""), "");
        var kernel = now(session).mainKernel().id();
        var move = new KernelMove(kernel, Set.of(KernelStatus.RUNNING), KernelStatus.TERMINATED, null, ended);
        var result = stores.sessions().apply(new Transition(session, List.of(move), "", clock.instant()));
        assertTrue(Outcomes.isApplied(result), result::toString);
        settle();
    }

    @Test
    void followsASessionThatSucceeds() {
        var first = sessions.create(job("first-job", null));
        var second = sessions.create(job("second-job", null, "first-job"));
        settle();
        assertEquals(SessionStatus.RUNNING, now(first).status());
        assertEquals(SessionStatus.PENDING, now(second).status());
        assertEquals("follows session first-job, which is RUNNING", now(second).statusInfo());
        assertEquals(
                "Waits: follows session first-job, which is RUNNING",
                explain.explain(second).summary());
        ends(first, 0);
        assertEquals(SessionResult.SUCCESS, now(first).result());
        settle();
        assertEquals(SessionStatus.RUNNING, now(second).status());
    }

    @Test
    void isCancelledInWordsWhenOneBeforeItFails() {
        var first = sessions.create(job("first-job", null));
        var other = sessions.create(job("other-job", null));
        var second = sessions.create(job("second-job", null, first.toString(), other.toString()));
        var third = sessions.create(job("third-job", null, second.toString()));
        settle();
        ends(first, 3);
        settle();
        assertEquals(SessionStatus.CANCELLED, now(second).status());
        assertEquals(
                "dependency-failed: session first-job, which it was to follow, did not succeed"
                        + " (TERMINATED, result FAILURE)",
                now(second).statusInfo());
        assertEquals(SessionStatus.CANCELLED, now(third).status());
        assertEquals(SessionStatus.RUNNING, now(other).status());
    }

    @Test
    void waitsForItsTimeAndNotAgainstItsDeadline() {
        var later = sessions.create(job("later-job", "30m"));
        settle();
        assertEquals(SessionStatus.PENDING, now(later).status());
        assertEquals(
                "starts at 2026-01-01T00:30:00Z at the earliest", now(later).statusInfo());
        clock.forward(Duration.ofMinutes(25)); // longer than a session may wait for agents
        sessions.sweep();
        settle();
        assertEquals(SessionStatus.PENDING, now(later).status());
        clock.forward(Duration.ofMinutes(5));
        settle();
        assertEquals(SessionStatus.RUNNING, now(later).status());
    }

    @Test
    void doesNotHoldBackTheOthers() {
        sessions.create(job("later-job", "30m"));
        var present = sessions.create(job("present-job", "2020-01-01T00:00:00Z"));
        settle();
        assertEquals(SessionStatus.RUNNING, now(present).status());
    }

    @Test
    void cancelsWhatNobodyCanHelpAfterARestart() {
        var first = sessions.create(job("first-job", null));
        settle();
        var second = sessions.create(job("second-job", null, "first-job"));
        ends(first, 1);
        sessions = new SteppedSessions(stores, directory, clock, new SplittableRandom(2), "next");
        settle();
        assertEquals(SessionStatus.CANCELLED, now(second).status());
    }

    @ParameterizedTest
    @CsvSource({
        "5m, 2026-01-01T00:05:00Z",
        "90s, 2026-01-01T00:01:30Z",
        "2d, 2026-01-03T00:00:00Z",
        "2026-02-01T00:00:00+01:00, 2026-01-31T23:00:00Z",
        "2026-02-01T00:00:00, 2026-02-01T00:00:00Z",
        "2026-02-01 00:00:00.123456, 2026-02-01T00:00:00.123456Z"
    })
    void readsTimesAndDurations(String text, String time) {
        assertEquals(time, StartTime.read(text, Samples.THEN).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "5 minutes", "-5m", "9999999999m", "2999-01-01T00:00:00Z", "367d", "2026-13-01"})
    void refusesOtherTimes(String text) {
        var failure = assertThrows(SlipwayException.class, () -> StartTime.read(text, Samples.THEN));
        assertEquals(FailureCode.INVALID_PARAMETERS, failure.code());
    }

    @Test
    void refusesWhatItCannotKeep() {
        refused("dependencies", job("some-job", null, "nobody"));
        var interactive = job("some-job", "5m");
        refused(
                "starts_at",
                new CreateSession(
                        "some-job",
                        interactive.image(),
                        interactive.architecture(),
                        SessionType.INTERACTIVE,
                        10,
                        null,
                        interactive.project(),
                        null,
                        1,
                        ClusterMode.SINGLE_NODE,
                        null,
                        true,
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        List.of(),
                        null,
                        null,
                        null,
                        0,
                        "5m",
                        List.of()));
    }

    private void refused(String field, CreateSession wish) {
        var failure = assertThrows(SlipwayException.class, () -> sessions.create(wish));
        assertEquals(FailureCode.INVALID_PARAMETERS, failure.code());
        assertTrue(failure.data().containsKey(field), failure::toString);
    }

    @Test
    void refusesImagesOfRegistriesThatTheDomainMayNotUse() {
        assertEquals(
                FailureCode.NOT_FOUND,
                assertThrows(SlipwayException.class, () -> resolve("quay.io/a/b:1"))
                        .code());
        assertEquals("docker.io/a/b:1", resolve("docker.io/a/b:1"));
        assertEquals("local/python:3", resolve("local/python:3"));
    }

    /** The domain of the town may use images of docker.io. */
    private String resolve(String image) {
        var ref = ImageRef.parse(image, "x86_64");
        var catalog = new ImageCatalog() {
            @Override
            public Image resolve(String nameOrAlias, String architecture) {
                return new Image(new UUID(1, 1), ref, "sha256:1", 0, Map.of(), List.of(), SlotAmounts.NONE);
            }

            @Override
            public List<Image> images() {
                return List.of();
            }
        };
        var requests = new SessionRequests(
                Town.identities(),
                stores.identities(),
                catalog,
                directory,
                stores.sessions(),
                clock,
                new SplittableRandom(1));
        var resolved = requests.resolve(Town.USER, Town.USER.accessKey(), job("any-job", null));
        return resolved.session().kernels().getFirst().image().canonical();
    }
}
