package io.slipway.agent.execution;

import io.slipway.agent.api.ConsoleRecord;
import io.slipway.agent.api.ConsoleRecord.Kind;
import io.slipway.agent.api.ExecuteReply.Status;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Understands what a Python driver tells. Records have numbers that go on over connections, so that each is taken once.
 * Not thread-safe: {@link SocketLink} lets one frame in at a time.
 */
final class DriverDialogue {

    private static final int MAX_STATE_LINES = 100;
    private static final Pattern STATE =
            Pattern.compile("run ([A-Za-z0-9_-]{1,64}) (?:running|queued|finished|waiting ([0-9]{1,15}) ([01]))");

    private final RunTable runs;
    private String instance = "";
    private long lastSequence;

    DriverDialogue(RunTable runs) {
        this.runs = runs;
    }

    /** Returns the number of the last record that this driver process need not send again. */
    long lastSequenceOf(String driver) {
        return driver.equals(instance) ? lastSequence : 0;
    }

    /**
     * Takes a record.
     *
     * @param driver the process it comes from
     * @param isLive whether it told already which runs it has
     * @return whether it was kept; if not, nobody will ever ask for it
     */
    boolean record(String driver, boolean isLive, Frame frame) throws BadFrameException {
        if (!driver.equals(instance)) {
            instance = driver;
            lastSequence = 0;
        }
        if (frame.number() <= lastSequence) {
            return true;
        }
        lastSequence = frame.number();
        if (!isLive) {
            runs.adopt(frame.run());
        }
        return switch (frame.kind()) {
            case "stdout" -> output(frame, ConsoleRecord.text(Kind.STDOUT, frame.text()));
            case "stderr" -> output(frame, ConsoleRecord.text(Kind.STDERR, frame.text()));
            case "html" -> output(frame, ConsoleRecord.text(Kind.HTML, frame.text()));
            case "media" -> output(frame, media(frame.text()));
            case "step" -> runs.step(frame.run(), frame.number(), step(frame.text()));
            case "waiting" -> runs.move(frame.run(), awaiting(frame.number(), frame.text()));
            case "resumed" -> runs.move(frame.run(), new RunState.Running());
            case "finished" -> runs.move(frame.run(), new RunState.Finished(frame.number(), status(frame.text())));
            default -> throw new BadFrameException("frame of unknown kind");
        };
    }

    /**
     * Takes the list of runs that a driver sends after its unacknowledged records.
     *
     * @return whether this is another process than the one before
     */
    boolean state(String driver, Frame frame, Set<String> known) throws BadFrameException {
        var isNewDriver = !driver.equals(instance);
        instance = driver;
        lastSequence = isNewDriver ? frame.number() : Math.max(lastSequence, frame.number());
        for (var line :
                new HashSet<>(frame.text().lines().limit(MAX_STATE_LINES).toList())) {
            var matcher = STATE.matcher(line);
            if (!matcher.matches()) {
                throw new BadFrameException("bad line of state");
            }
            var run = matcher.group(1);
            known.add(run);
            runs.adopt(run);
            if (matcher.group(2) != null) {
                runs.move(run, awaiting(Long.parseLong(matcher.group(2)), matcher.group(3)));
            }
        }
        return isNewDriver;
    }

    private boolean output(Frame frame, ConsoleRecord record) throws BadFrameException {
        return runs.output(frame.run(), frame.number(), record, frame.payload().remaining());
    }

    private static RunState awaiting(long sequence, String isPassword) {
        return new RunState.AwaitingInput(sequence, isPassword.equals("1"));
    }

    private static ConsoleRecord media(String text) throws BadFrameException {
        var end = text.indexOf('\n');
        if (end < 1) {
            throw new BadFrameException("media without type");
        }
        return new ConsoleRecord(Kind.MEDIA, text.substring(0, end), text.substring(end + 1));
    }

    private static Run.Step step(String text) throws BadFrameException {
        if (text.startsWith("clean ")) {
            return new Run.Step(Status.CLEAN_FINISHED, status(text.substring("clean ".length())));
        }
        if (text.startsWith("build ")) {
            return new Run.Step(Status.BUILD_FINISHED, status(text.substring("build ".length())));
        }
        throw new BadFrameException("end of a step that is not known");
    }

    private static int status(String text) throws BadFrameException {
        if (!text.matches("[0-9]{1,3}")) {
            throw new BadFrameException("no exit status where one belongs");
        }
        return Integer.parseInt(text);
    }
}
