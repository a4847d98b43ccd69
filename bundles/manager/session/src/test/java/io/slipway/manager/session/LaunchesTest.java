package io.slipway.manager.session;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slipway.model.session.SessionId;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class LaunchesTest {

    private static final SessionId SESSION = new SessionId(new UUID(0, 1));
    private final Launches launches = new Launches();

    @Test
    void thereIsOneLaunchPerSession() {
        var launch = launches.open(SESSION).orElseThrow();
        assertTrue(launches.open(SESSION).isEmpty());
        assertTrue(launch.isAskedAgain());
        launch.close();
        assertTrue(launches.open(SESSION).isPresent());
    }

    @Test
    void nothingIsCreatedOnceTheSessionEnds() {
        var launch = launches.open(SESSION).orElseThrow();
        assertTrue(launches.forbid(SESSION, Duration.ofSeconds(1)));
        assertFalse(launch.mayCreate());
    }

    @Test
    void anEndWaitsForTheCreateCallThatIsOut() throws Exception {
        var launch = launches.open(SESSION).orElseThrow();
        assertTrue(launch.mayCreate());
        assertFalse(launches.forbid(SESSION, Duration.ofMillis(10)));
        var end = CompletableFuture.supplyAsync(() -> launches.forbid(SESSION, Duration.ofSeconds(5)));
        assertTrue(launch.isForbidden());
        launch.close();
        assertTrue(end.get(5, TimeUnit.SECONDS));
    }
}
