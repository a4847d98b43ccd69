package io.slipway.itests;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;

/** Tests of one installation on a Docker engine, which a class starts before them; after each, nothing is left on either. */
abstract class DockerTestCase {

    static DockerHome home;
    static Api api;

    static void start(Map<String, String> settings, String... furtherImages) {
        DockerHome.assumeEngine();
        use(DockerHome.start(settings, furtherImages));
    }

    static void use(DockerHome started) {
        home = started;
        api = home.api();
    }

    @AfterAll
    static void stop() {
        if (home != null) {
            home.close();
            home = null; // the next class has its own
        }
    }

    @AfterEach
    void nothingIsLeft() {
        home.endAll();
    }
}
