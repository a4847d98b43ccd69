package io.slipway.agent.execution;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens on a kernel's socket for its Python driver; the newest connection that shows the token counts. */
final class SocketLink implements DriverLink {

    private static final Logger LOG = LoggerFactory.getLogger(SocketLink.class);
    private static final int MAX_CONNECTIONS = 4;
    private static final int MAX_COMPLETIONS = 16;
    private static final int BACKLOG = 8;
    private static final Duration HELLO_PATIENCE = Duration.ofSeconds(5);
    private static final Duration PENALTY = Duration.ofSeconds(1);

    private final DriverFolder folder;
    private final RunTable runs;
    private final ServerSocketChannel server;
    private final Semaphore connections = new Semaphore(MAX_CONNECTIONS);
    private final ConcurrentMap<Long, CompletableFuture<List<String>>> completions = new ConcurrentHashMap<>();
    private final AtomicLong completionNumbers = new AtomicLong();
    private final ReentrantLock order = new ReentrantLock();
    private final DriverDialogue dialogue; // guarded by order
    private final Set<String> cancelled = new HashSet<>(); // while no driver could be told; guarded by order
    private volatile @Nullable FrameSender live;
    private @Nullable FrameSender newest; // guarded by order

    SocketLink(DriverFolder folder, RunTable runs) throws IOException {
        this(folder, runs, ServerSocketChannel.open(StandardProtocolFamily.UNIX));
    }

    SocketLink(DriverFolder folder, RunTable runs, ServerSocketChannel server) {
        this.folder = folder;
        this.runs = runs;
        this.dialogue = new DriverDialogue(runs);
        this.server = server;
    }

    @Override
    public void start() throws IOException {
        Files.deleteIfExists(folder.socket());
        server.bind(UnixDomainSocketAddress.of(folder.socket()), BACKLOG);
        Files.setPosixFilePermissions(folder.socket(), PosixFilePermissions.fromString("rw-rw-rw-"));
        Thread.ofVirtual().name("slipway-driver-accept").start(this::accept);
    }

    @Override
    public void submit(Submission submission) {
        if (live != null) {
            runs.sent(submission.run());
            send(Frame.of("run", submission.run(), 0, submission.code()));
        }
    }

    @Override
    public void interrupt(String run) {
        send(Frame.of("interrupt", run, 0));
    }

    @Override
    public void cancel(String run) {
        order.lock();
        try {
            if (live == null) {
                cancelled.add(run);
            } else {
                send(Frame.of("cancel", run, 0));
            }
        } finally {
            order.unlock();
        }
    }

    @Override
    public void input(String run, long request, String line) {
        send(Frame.of("input", run, request, line));
    }

    @Override
    public CompletableFuture<@Nullable Void> acknowledge(Acknowledgement taken) {
        var connection = live;
        return connection == null
                ? CompletableFuture.completedFuture(null)
                : connection.sendAndTell(Frame.of("ack", taken.run(), taken.sequence()));
    }

    @Override
    public CompletableFuture<List<String>> complete(String line) {
        var answer = new CompletableFuture<List<String>>();
        if (completions.size() >= MAX_COMPLETIONS) {
            answer.complete(List.of());
            return answer;
        }
        var number = completionNumbers.incrementAndGet();
        completions.put(number, answer);
        // of the answer itself: who gives up on it completes it
        var _ = answer.whenComplete((found, problem) -> completions.remove(number));
        send(Frame.of("complete", "-", number, line));
        return answer;
    }

    @Override
    public String code(BatchSteps steps) {
        return steps.python();
    }

    @Override
    public void task(String name, String command) {
        send(Frame.of("task", name, 0, command));
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            LOG.debug("Closing the socket of {}: {}", folder, e.toString());
        }
        order.lock();
        try {
            if (newest != null) {
                newest.close();
            }
        } finally {
            order.unlock();
        }
    }

    private void send(Frame frame) {
        var connection = live;
        if (connection != null) {
            connection.send(frame);
        }
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                var channel = server.accept();
                if (connections.tryAcquire()) {
                    Thread.ofVirtual().name("slipway-driver").start(() -> serve(channel));
                } else {
                    channel.close();
                }
            } catch (IOException e) {
                if (server.isOpen()) {
                    // such as no file descriptor left just now; a driver dials until it is answered
                    LOG.warn("A driver could not dial, it is tried again: folder={}", folder, e);
                    pause();
                }
            }
        }
    }

    private void serve(SocketChannel channel) {
        try (channel) {
            converse(channel);
        } catch (BadFrameException e) {
            LOG.warn("Cut off a driver that broke the rules: folder={} reason={}", folder, e.getMessage());
            pause();
        } catch (IOException e) {
            LOG.debug("A driver hung up: folder={} reason={}", folder, e.toString());
        } finally {
            connections.release();
        }
    }

    private void converse(SocketChannel channel) throws IOException {
        var frames = new FrameReader(channel);
        var sender = new FrameSender(channel, runs.buffers());
        var impatience = Thread.ofVirtual().start(() -> closeAfterPatience(sender));
        String driver;
        try {
            driver = admit(frames.next(FrameReader.MAX_HELLO, bytes -> {}));
        } finally {
            impatience.interrupt();
        }
        Thread.ofVirtual().name("slipway-driver-send").start(sender);
        try {
            welcome(driver, sender);
            while (true) {
                take(driver, sender, frames.next(FrameReader.MAX_PAYLOAD, this::awaitRoom));
                runs.read();
            }
        } finally {
            runs.read();
            sender.close();
            leave(sender);
        }
    }

    private void awaitRoom(int bytes) throws IOException {
        try {
            runs.awaitRoom(bytes);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClosedByInterruptException();
        }
    }

    /** Checks who dials; returns the name of the driver's process. */
    private String admit(Frame hello) throws BadFrameException {
        Map<String, String> facts = new HashMap<>();
        for (var line : hello.text().lines().limit(10).toList()) {
            var blank = Math.max(line.indexOf(' '), 0);
            facts.put(line.substring(0, blank), line.substring(blank).strip());
        }
        var shown = facts.getOrDefault("token", "").getBytes(StandardCharsets.UTF_8);
        if (!hello.kind().equals("hello")
                || !MessageDigest.isEqual(shown, folder.token().getBytes(StandardCharsets.UTF_8))) {
            throw new BadFrameException("no token");
        }
        return facts.getOrDefault("instance", "");
    }

    private void welcome(String driver, FrameSender sender) {
        order.lock();
        try {
            if (newest != null) {
                newest.close();
            }
            newest = sender;
            live = null;
            sender.send(Frame.of("welcome", "-", dialogue.lastSequenceOf(driver)));
        } finally {
            order.unlock();
        }
    }

    @SuppressWarnings("ReferenceEquality") // this very connection, not one like it
    private boolean isNewest(FrameSender sender) {
        return newest == sender;
    }

    private void leave(FrameSender sender) {
        order.lock();
        try {
            if (isNewest(sender)) {
                newest = null;
                live = null;
            }
        } finally {
            order.unlock();
        }
        completions.values().forEach(answer -> answer.complete(List.of()));
    }

    /** Under the lock, so that a connection that was replaced can no longer change anything. */
    private void take(String driver, FrameSender sender, Frame frame) throws BadFrameException {
        order.lock();
        try {
            if (!isNewest(sender)) {
                throw new BadFrameException("another connection took its place");
            }
            switch (frame.kind()) {
                case "state" -> synchronise(driver, sender, frame);
                case "completed" -> completed(frame);
                case "tasked" -> runs.tasks().ended(frame.run(), frame.number());
                default -> {
                    if (!dialogue.record(driver, live != null, frame)) {
                        sender.send(Frame.of("ack", frame.run(), frame.number()));
                    }
                }
            }
        } finally {
            order.unlock();
        }
    }

    private void synchronise(String driver, FrameSender sender, Frame frame) throws BadFrameException {
        var known = new HashSet<String>();
        var isNewDriver = dialogue.state(driver, frame, known);
        live = sender; // before runs are compared: one that is added meanwhile may be sent twice, but not missed
        for (var taken : runs.taken()) {
            sender.send(Frame.of("ack", taken.run(), taken.sequence()));
        }
        for (var missing : runs.compare(known, isNewDriver)) {
            sender.send(Frame.of("run", missing.run(), 0, missing.code()));
        }
        for (var run : cancelled) {
            sender.send(Frame.of("cancel", run, 0));
        }
        cancelled.clear();
    }

    private void completed(Frame frame) {
        var answer = completions.get(frame.number());
        if (answer != null) {
            answer.complete(frame.text()
                    .lines()
                    .filter(line -> !line.isEmpty())
                    .limit(100)
                    .toList());
        }
    }

    private static void closeAfterPatience(FrameSender sender) {
        try {
            Thread.sleep(HELLO_PATIENCE);
            sender.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Holds its place among the few connections for a while, so that a bad driver cannot keep the agent busy. */
    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PENALTY.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
