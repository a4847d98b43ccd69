package io.slipway.plugin.lifecycle;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Operator settings. */
@ObjectClassDefinition(name = "Slipway plug-in lifecycle")
public @interface PluginSettings {

    /** Limit of a start. */
    @AttributeDefinition(
            description = "So long may a new version take to start and to check itself, in milliseconds",
            min = "100")
    int startMillis() default 3_500;

    /** Limit of a stop. */
    @AttributeDefinition(description = "So long may a version take to stop, in milliseconds", min = "100")
    int stopMillis() default 3_000;

    /** Limit of a drain. */
    @AttributeDefinition(
            description = "So long is waited for the last uses of an old version, in seconds; then they are cut off",
            min = "0")
    int drainSeconds() default 60;

    /** Probation. */
    @AttributeDefinition(
            description =
                    "So long is a new version watched, in milliseconds, while the old one stands by; it is compared"
                            + " with at least as long before",
            min = "0")
    int probationMillis() default 10_000;

    /** Fewest calls. */
    @AttributeDefinition(description = "So many calls of a method make its duration count", min = "1")
    int minCalls() default 20;

    /** Error ratio. */
    @AttributeDefinition(
            description = "So much more of a method's calls than of the old version's may fail, 0 to 1",
            min = "0",
            max = "1")
    double maxErrorRatio() default 0.01;

    /** Latency. */
    @AttributeDefinition(
            description = "A method whose median is more than so many times the old version's is too slow",
            min = "1")
    double latencyFactor() default 4;

    /** Latency that never counts. */
    @AttributeDefinition(
            description = "A method that is slower by no more than so many milliseconds is never too slow",
            min = "0")
    int latencyFloorMillis() default 10;

    /** Hang. */
    @AttributeDefinition(
            description =
                    "A call that has not returned after so many milliseconds hangs, unless the SPI says that it may"
                            + " wait or the old version took as long",
            min = "1")
    int hangMillis() default 3_000;

    /** Per SPI. */
    @AttributeDefinition(
            description = "Other values for the methods of one SPI, as SPI.SETTING=VALUE; settings are probationMillis,"
                    + " minCalls, maxErrorRatio, latencyFactor, latencyFloorMillis and hangMillis")
    String[] perSpi() default {"KernelRuntime.hangMillis=30000"};
}
