package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PromotionException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A provider's part in a {@link HandOver}: that it lets go, or takes over.
 *
 * @param patience how much longer than the limit its end is waited for: it is not interrupted, so it goes on
 */
record HandOverPart(PluginBundles limited, String what, Duration patience) {

    private static final Logger LOG = LoggerFactory.getLogger(HandOverPart.class);

    /** What the provider does. */
    interface Action {
        void run() throws PromotionException;
    }

    /**
     * How it ended.
     *
     * @param isDone whether it has done it, in time or not
     * @param isInDoubt whether it may have done some of it: it broke off, or has not ended
     * @param isOver whether it has ended
     * @param fault null if it has done it in time
     */
    record Ending(
            boolean isDone,
            boolean isInDoubt,
            boolean isOver,
            @Nullable SwapRefusedException fault) {

        static final Ending DONE = new Ending(true, false, true, null);

        void check() throws SwapRefusedException {
            if (fault != null) {
                throw fault;
            }
        }
    }

    Ending run(PluginId id, Action action) throws InterruptedException {
        var refusal = new AtomicReference<@Nullable PromotionException>();
        var isDone = new AtomicBoolean();
        var ended = new CountDownLatch(1);
        var failure = limited.callUninterrupted(what, id, () -> {
            try {
                action.run();
                isDone.set(true);
            } catch (PromotionException e) {
                refusal.set(e);
            } finally {
                ended.countDown();
            }
        });
        var isOver = ended.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (!isOver) {
            LOG.error("The {} of {} goes on and is not waited for any longer", what, id);
        }
        var isSettled = isDone.get();
        var refused = refusal.get();
        var why = refused == null ? failure : Optional.of(String.valueOf(refused.getMessage()));
        return new Ending(
                isSettled,
                !isSettled && refused == null,
                isOver,
                why.map(words -> new SwapRefusedException("its " + what + " fails: " + words, refused))
                        .orElse(null));
    }
}
