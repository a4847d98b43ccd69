package io.slipway.plugin.lifecycle.sample;

import io.slipway.plugin.api.HandedState;
import io.slipway.plugin.api.Promotable;
import io.slipway.plugin.api.PromotionException;
import io.slipway.plugin.lifecycle.spi.Ledger;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** A ledger that owns a locked file, and whose reads do not return; as long as one runs it may not let go either. */
public final class StuckLedger implements Ledger, Promotable {

    private static final Object STUCK = new Object();

    private volatile FileChannel file;
    private volatile boolean isStopped;

    @Override
    public String read(String key) {
        hang();
        return "late";
    }

    private void hang() {
        while (!isStopped && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(STUCK, 1_000_000);
        }
    }

    @Override
    public String write(String line) {
        return "wrote " + line;
    }

    @Override
    public void promote(Optional<HandedState> state) throws PromotionException {
        try {
            file = FileChannel.open(
                    Path.of(System.getProperty("test.ledger")), StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (file.tryLock() == null) {
                throw new PromotionException("the file is locked");
            }
        } catch (IOException e) {
            throw new PromotionException("the file is locked: " + e, e);
        }
    }

    /** Used by the component runtime. */
    public void deactivate() throws IOException {
        isStopped = true;
        file.close();
    }

    @Override
    public Optional<HandedState> demote() throws PromotionException {
        if (Boolean.getBoolean("test.ledger.hangs")) {
            hang();
        }
        try {
            file.close();
            return Optional.empty(); // whoever comes next reads the file
        } catch (IOException e) {
            throw new PromotionException("the file cannot be closed", e);
        }
    }

    @Override
    public List<String> stateToMove() {
        return List.of();
    }
}
