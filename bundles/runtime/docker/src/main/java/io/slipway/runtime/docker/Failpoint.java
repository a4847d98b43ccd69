package io.slipway.runtime.docker;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Points at which a test may let the process end as by {@code kill -9}: the system property {@code slipway.failpoint} names
 * one. Without it they do nothing.
 */
enum Failpoint {
    /** A container is made and not started. */
    CREATED("docker.created");

    private static final Logger LOG = LoggerFactory.getLogger(Failpoint.class);
    private static final String PROPERTY = "slipway.failpoint";
    /** What the process ends with, as after {@code kill -9}. */
    private static final int EXIT_CODE = 137;

    private final String point;

    Failpoint(String point) {
        this.point = point;
    }

    void pass() {
        if (point.equals(System.getProperty(PROPERTY))) {
            LOG.error("Failpoint {}: the process ends here, without cleaning up", point);
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }
}
