package io.slipway.agent.api;

import io.slipway.model.kernel.KernelId;
import java.time.Duration;

/**
 * Ask for completions.
 *
 * @param kernel in which kernel
 * @param code the whole text
 * @param row line of the cursor, from 0
 * @param column column of the cursor, from 0
 * @param line the text of that line before the cursor; may be empty, then row and column tell
 * @param post the text after the cursor, may be empty
 * @param limit how long to wait
 */
public record CompleteCall(
        KernelId kernel, String code, int row, int column, String line, String post, Duration limit) {}
