package io.slipway.plugin.lifecycle;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Named points of a swap at which a test may let the process end as by {@code kill -9}: the system property {@code
 * slipway.failpoint} names one. Each point lies behind something that is on disk. Without the property they do nothing.
 */
final class Failpoints implements Consumer<String> {

    /** Names a point, such as {@code promote.selected}. */
    static final String PROPERTY = "slipway.failpoint";

    /** What the process ends with, as after {@code kill -9}. */
    static final int EXIT_CODE = 137;

    private static final Logger LOG = LoggerFactory.getLogger(Failpoints.class);

    @Override
    public void accept(String point) {
        if (point.equals(System.getProperty(PROPERTY))) {
            LOG.error("Failpoint {}: the process ends here, without cleaning up", point);
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }
}
