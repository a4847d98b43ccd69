package io.slipway.agent.execution;

import io.slipway.agent.api.ConsoleRecord;
import io.slipway.agent.api.ConsoleRecord.Kind;
import io.slipway.agent.api.ExecuteReply;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds a shell line by line through FIFOs, one run at a time; {@code driver.sh} and {@code shell.sh} are the other side.
 *
 * <p>Output is read only while somebody asks for it, so that it stays in the FIFO, which outlives this process; what was
 * read and not handed on (at most a chunk per stream) is lost with it.
 */
final class FifoLink implements DriverLink {

    private static final Logger LOG = LoggerFactory.getLogger(FifoLink.class);
    private static final int MAX_NOTICE = 256;
    private static final int MAX_INPUT = 16 << 10;
    private static final int MAX_IDLE_OUTPUT = 64 << 10;
    private static final int IMPATIENT_COUNT = 3;
    private static final int CANCELLED = 130;
    private static final List<Integer> ASK_AGAIN_MILLIS = List.of(10, 50, 250, 1_000, 3_000);
    private static final Pattern NOTICE = Pattern.compile("([a-z]{2,16}) (-|[A-Za-z0-9_-]{1,64}) ([0-9]{1,9}) 0");

    private final DriverFolder folder;
    private final RunTable runs;
    private final ShellFiles files;
    private final Fifos fifos = new Fifos();
    private final ReentrantLock lock = new ReentrantLock();
    // all below is guarded by lock
    private final Queue<Submission> waiting = new ArrayDeque<>();
    private final StringBuilder idleOutput = new StringBuilder();
    private final StringBuilder notice = new StringBuilder();
    private final Set<Kind> ended = EnumSet.noneOf(Kind.class);
    private final StreamOrder order = new StreamOrder(new Ordered());
    private @Nullable String current;
    private boolean hasBegun;
    private int interrupts;
    private int untold; // interrupts that the driver has not told of
    private long sequence;
    private String group = "";

    FifoLink(DriverFolder folder, RunTable runs) {
        this.folder = folder;
        this.runs = runs;
        this.files = new ShellFiles(folder.path());
    }

    @Override
    public void start() throws IOException {
        lock.lock();
        try {
            fifos.open(folder.path());
            group = files.group();
            recover();
        } finally {
            lock.unlock();
        }
        fifos.read("out", () -> !runs.isClosed(), (bytes, length) -> locked(() -> notices(bytes, length)));
        read("stdout", Kind.STDOUT);
        read("stderr", Kind.STDERR);
        fifos.write("control", "ping");
    }

    /** Takes up what another life of this agent left: ends nobody has fetched, and a run that may still be on. */
    private void recover() throws IOException {
        for (var end : files.ends().entrySet()) {
            runs.adopt(end.getKey());
            runs.move(end.getKey(), new RunState.Finished(++sequence, end.getValue()));
        }
        var run = files.run();
        if (!run.isEmpty()) {
            runs.adopt(run);
            current = run;
            untold = 1; // the former life may have interrupted it just before its end
            fifos.write("in", "__slipway_done " + run);
        }
    }

    @Override
    public void submit(Submission submission) {
        locked(() -> {
            waiting.add(submission);
            next();
        });
    }

    @Override
    public void interrupt(String run) {
        locked(() -> {
            if (run.equals(current)) {
                interrupts++;
                signal();
            }
        });
    }

    @Override
    public void cancel(String run) {
        locked(() -> {
            if (waiting.removeIf(submission -> submission.run().equals(run))) {
                runs.move(run, new RunState.Finished(++sequence, CANCELLED));
            }
        });
        interrupt(run);
    }

    /** Before the shell has told its process group there is nothing to signal; {@code hello} makes up for it. */
    private void signal() {
        if (group.isEmpty() || interrupts == 0) {
            return;
        }
        var isPatient = interrupts <= IMPATIENT_COUNT;
        untold += isPatient ? 1 : 0;
        fifos.write("control", (isPatient ? "interrupt " : "kill ") + group);
    }

    @Override
    public void input(String run, long request, String line) {
        var text = line.length() > MAX_INPUT ? line.substring(0, MAX_INPUT) : line;
        fifos.write("stdin", text.replace('\n', ' '));
    }

    @Override
    public CompletableFuture<@Nullable Void> acknowledge(Acknowledgement taken) {
        if (taken.isLast()) {
            files.forget(taken.run());
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<List<String>> complete(String line) {
        return CompletableFuture.completedFuture(List.of());
    }

    @Override
    public String code(BatchSteps steps) {
        return steps.shell();
    }

    @Override
    public void task(String name, String command) {
        try {
            files.task(name, command);
            fifos.write("control", "task " + name);
        } catch (IOException e) {
            LOG.warn("A task could not be handed over, it is tried again: {}", e.toString());
        }
    }

    @Override
    public void close() {
        fifos.close();
    }

    private void next() {
        if (current != null || waiting.isEmpty()) {
            return;
        }
        var submission = waiting.remove();
        current = submission.run();
        hasBegun = false;
        interrupts = 0;
        ended.clear();
        runs.sent(submission.run());
        if (!idleOutput.isEmpty()) {
            give(Kind.STDOUT, idleOutput.toString(), idleOutput.length());
            idleOutput.setLength(0);
        }
        try {
            files.begin(submission);
            begin(submission.run());
        } catch (IOException e) {
            LOG.warn("A run could not be handed over: run={}", submission.run(), e);
            give(Kind.STDERR, "[slipway] the run could not be handed to the shell\n", 0);
            finish(submission.run(), 1);
        }
    }

    private void begin(String run) {
        fifos.write("in", "__slipway_begin " + run + " && . \"$__slipway_folder/code\" </dev/null >&7 2>&8");
    }

    private void finish(String run, int status) {
        files.end(run, status);
        current = null;
        runs.move(run, new RunState.Finished(++sequence, status));
        next();
    }

    private void give(Kind kind, String text, int bytes) {
        if (current == null) {
            idleOutput.append(text);
            idleOutput.delete(0, Math.max(0, idleOutput.length() - MAX_IDLE_OUTPUT));
            return;
        }
        try {
            runs.output(current, ++sequence, ConsoleRecord.text(kind, text), bytes);
        } catch (BadFrameException e) {
            LOG.warn("Output was dropped: run={} reason={}", current, e.getMessage());
        }
    }

    /** A run has ended when the marks of both streams have been read, hence all its output. */
    private void end(Kind kind, String marked, int status) {
        var run = current;
        var isShell = marked.equals("*");
        if (run != null && marked.startsWith(run + "~")) {
            order.mark(kind, marked, status);
            return;
        }
        if (run == null || !(isShell || marked.equals(run))) {
            return;
        }
        ended.add(kind);
        if (ended.size() == 2) {
            order.flush();
            if (isShell) {
                give(Kind.STDERR, "[slipway] the shell ended with status " + status + "; its variables are lost\n", 0);
            }
            finish(run, status);
        }
    }

    /** Takes the output of both streams in the order that the steps of batch mode give it. */
    private final class Ordered implements StreamOrder.Listener {

        @Override
        public void text(Kind kind, String text, int bytes) {
            give(kind, text, bytes);
        }

        @Override
        public void step(String mark, int status) {
            var which =
                    mark.endsWith("~clean") ? ExecuteReply.Status.CLEAN_FINISHED : ExecuteReply.Status.BUILD_FINISHED;
            try {
                runs.step(mark.substring(0, mark.indexOf('~')), ++sequence, new Run.Step(which, status));
            } catch (BadFrameException e) {
                LOG.warn("The end of a step was dropped: run={} reason={}", mark, e.getMessage());
            }
        }
    }

    private void notices(byte[] bytes, int length) {
        for (var at = 0; at < length; at++) {
            if (bytes[at] != '\n') {
                notice.append(notice.length() < MAX_NOTICE ? String.valueOf((char) (bytes[at] & 0xFF)) : "");
                continue;
            }
            var matcher = NOTICE.matcher(notice);
            if (matcher.matches()) {
                noticed(matcher.group(1), matcher.group(2), matcher.group(3));
            }
            notice.setLength(0);
        }
    }

    private void noticed(String kind, String run, String number) {
        switch (kind) {
            case "pong" -> runs.ready();
            case "hello" -> {
                var isFirst = group.isEmpty();
                group = number;
                files.rememberGroup(number);
                if (isFirst && current != null) {
                    signal();
                }
            }
            case "begun" -> begun(run);
            case "interrupted" -> interrupted();
            case "tasked" -> runs.tasks().ended(run, Long.parseLong(number));
            case "waiting" -> {
                if (run.equals(current)) {
                    runs.move(run, new RunState.AwaitingInput(++sequence, number.equals("1")));
                }
            }
            case "unknown" -> {
                // the line that begins it was never written (the agent ended before), or lost to an interrupt
                if (run.equals(current) && !hasBegun) {
                    begin(run);
                }
            }
            default -> LOG.debug("A shell driver told something unknown");
        }
    }

    /** Any program of the kernel can tell this as often as it likes; what it is answered would fill the FIFO. */
    private void begun(String run) {
        if (run.equals(current) && !hasBegun) {
            hasBegun = true;
            askStatus(run);
        }
    }

    /** An interrupt that hits the shell while it reads a line loses the line, so ask more than once. */
    private void interrupted() {
        if (untold == 0) {
            return; // no interrupt of ours
        }
        untold--;
        for (var delay : ASK_AGAIN_MILLIS) {
            CompletableFuture.delayedExecutor(delay, TimeUnit.MILLISECONDS)
                    .execute(() -> locked(() -> askStatus(current)));
        }
    }

    /** Has the status told as soon as the shell reads lines again. */
    private void askStatus(@Nullable String run) {
        if (run != null && run.equals(current)) {
            fifos.write("in", "__slipway_done " + run);
        }
    }

    private void read(String name, Kind kind) {
        var stream = new MarkedStream(new MarkedStream.Listener() {
            @Override
            public void text(String text, int bytes) {
                locked(() -> order.text(kind, text, bytes));
            }

            @Override
            public void end(String run, int status) {
                locked(() -> FifoLink.this.end(kind, run, status));
            }
        });
        fifos.read(name, runs::awaitDemand, stream::feed);
    }

    private void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }
}
