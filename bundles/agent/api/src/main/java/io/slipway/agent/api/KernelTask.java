package io.slipway.agent.api;

/**
 * What a kernel runs by itself. Its output goes to the container's log.
 *
 * @param bootstrap shell script that is run to its end before the kernel counts as running; its status does not matter; may
 *     be empty
 * @param command command for a shell, run once when the kernel runs; the kernel ends with it, for TASK_FINISHED,
 *     TASK_FAILED or TASK_TIMEOUT. Empty for none
 * @param limitSeconds how long the command may take, 0 for as long as it likes
 */
public record KernelTask(String bootstrap, String command, long limitSeconds) {}
