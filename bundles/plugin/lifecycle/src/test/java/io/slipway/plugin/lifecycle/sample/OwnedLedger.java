package io.slipway.plugin.lifecycle.sample;

import io.slipway.plugin.api.HandedState;
import io.slipway.plugin.api.Promotable;
import io.slipway.plugin.api.PromotionException;
import io.slipway.plugin.lifecycle.spi.Ledger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A ledger that owns a locked file while it serves, and counts its lines in memory. */
public final class OwnedLedger implements Ledger, Promotable {

    private final AtomicInteger lines = new AtomicInteger();
    private volatile FileChannel file;

    @Override
    public String read(String key) {
        check();
        if (key.equals("none")) {
            throw new NoSuchElementException("there is no page none");
        }
        return lines.get() + " lines";
    }

    @Override
    public String write(String line) {
        check();
        var count = lines.incrementAndGet();
        try {
            file.write(ByteBuffer.wrap(String.format("%10d", count).getBytes(StandardCharsets.US_ASCII)), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "line " + count;
    }

    private void check() {
        if (file == null) {
            throw new IllegalStateException("called while it does not serve");
        }
    }

    @Override
    public void promote(Optional<HandedState> state) throws PromotionException {
        var refusals = Integer.getInteger("test.ledger.refusals", 0);
        if (refusals > 0) {
            System.setProperty("test.ledger.refusals", Integer.toString(refusals - 1));
            throw new PromotionException("not now");
        }
        try {
            var opened = FileChannel.open(
                    Path.of(System.getProperty("test.ledger")),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            if (opened.tryLock() == null) {
                opened.close();
                throw new PromotionException("the file is locked");
            }
            file = opened;
            pause("test.ledger.promotion.millis");
            breakOff("test.ledger.breaks");
            if (state.isPresent()) {
                lines.set(Integer.parseInt(state.get().values().get("lines")));
            } else if (opened.size() > 0) {
                var bytes = ByteBuffer.allocate(10);
                opened.read(bytes, 0);
                lines.set(Integer.parseInt(new String(bytes.array(), StandardCharsets.US_ASCII).strip()));
            }
        } catch (IOException | java.nio.channels.OverlappingFileLockException e) {
            throw new PromotionException("the file is locked: " + e, e);
        }
    }

    /** Takes its time once. */
    private static void pause(String property) {
        var end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Long.getLong(property, 0));
        while (end - System.nanoTime() > 0) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
        System.clearProperty(property);
    }

    /** Fails once, as code with a mistake does. */
    private static void breakOff(String property) {
        if (System.clearProperty(property) != null) {
            throw new IllegalStateException("a mistake");
        }
    }

    /** Used by the component runtime. */
    public void deactivate() throws IOException {
        var opened = file;
        if (opened != null) {
            opened.close();
        }
    }

    @Override
    public Optional<HandedState> demote() {
        pause("test.ledger.demotion.millis");
        try {
            breakOff("test.ledger.demotion.breaks.before");
            file.close();
            file = null;
            breakOff("test.ledger.demotion.breaks.after");
            return Optional.of(new HandedState(1, Map.of("lines", Integer.toString(lines.get()))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<String> stateToMove() {
        return List.of(lines + " lines");
    }
}
