package io.slipway.plugin.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a plug-in stands and how it got there.
 *
 * @param id which
 * @param status its state; empty if it is not installed
 * @param versions versions on disk, lowest first
 * @param sentences the story for people, one sentence each
 * @param calls figures of its calls in the last window, by version and method
 * @param history its lines of the journal, oldest first, at most the last 50
 */
public record PluginExplanation(
        PluginId id,
        Optional<PluginStatus> status,
        List<String> versions,
        List<String> sentences,
        List<Calls> calls,
        List<SwapRecord> history) {

    /**
     * Figures of one method.
     *
     * @param version of which version
     * @param method SPI and method, such as {@code KernelRuntime.create}
     * @param calls how many have ended in the last window
     * @param failed how many of them failed
     * @param median half of them took at most so long
     * @param p99 99 of 100 took at most so long
     * @param inFlight how many run now
     */
    public record Calls(
            String version, String method, long calls, long failed, Duration median, Duration p99, long inFlight) {}

    /** Copies. */
    public PluginExplanation {
        versions = List.copyOf(versions);
        sentences = List.copyOf(sentences);
        calls = List.copyOf(calls);
        history = List.copyOf(history);
    }
}
