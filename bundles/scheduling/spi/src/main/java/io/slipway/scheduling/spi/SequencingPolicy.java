package io.slipway.scheduling.spi;

import io.slipway.model.call.Idempotent;
import java.util.Comparator;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Orders pending work. Pure and thread-safe: the order depends only on the two sessions and the usage given.
 *
 * <p>A comparator, so that the scheduler can keep its queue ordered and one more pending session costs O(log n).
 */
@ConsumerType
@Idempotent
public interface SequencingPolicy {

    /**
     * Returns the order in which pending sessions of one resource group are tried; the smallest first. Must be a total
     * order (break ties by creation time and id).
     *
     * @param usage what live sessions hold now, by owner
     */
    Comparator<PendingSession> order(Usage usage);
}
