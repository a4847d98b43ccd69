package io.slipway.accelerator.spi;

/** Whether the scheduler may place work on a device. */
public sealed interface Health {

    /** Fit for new work. */
    record Healthy() implements Health {}

    /**
     * Present but not to be used.
     *
     * @param reason one line for the operator, such as {@code Xid 79: fell off the bus}
     */
    record Unhealthy(String reason) implements Health {

        /** Refuses blank reasons. */
        public Unhealthy {
            if (reason.isBlank()) {
                throw new IllegalArgumentException("reason is blank");
            }
        }
    }
}
