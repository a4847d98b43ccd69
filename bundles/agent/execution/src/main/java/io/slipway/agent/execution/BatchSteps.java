package io.slipway.agent.execution;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.AgentException.Reason;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The commands of batch mode, in their order, and how each driver is told to run them.
 *
 * @param commands by step: clean, build, exec
 */
record BatchSteps(Map<String, String> commands) {

    private static final int MAX_COMMAND = 64 << 10;

    /** What {@code *} means. */
    private static final Map<String, String> USUAL = Map.of(
            "clean", "[ ! -f Makefile ] || make clean",
            "build", "[ ! -f Makefile ] || make",
            "exec", """
                    if [ -f main.py ]; then python main.py
                    elif [ -f main.sh ]; then sh main.sh
                    elif [ -x main ]; then ./main
                    else echo 'there is no main.py, main.sh or main to run' >&2; exit 127; fi""");

    /** The session's home, whatever the interpreter went to, and a python for images that call it python3 only. */
    private static final String PREAMBLE = """
            cd /home/work 2>/dev/null
            command -v python >/dev/null 2>&1 || python() { python3 "$@"; }
            """;

    /** Reads options; steps that are absent or empty are left out. */
    static BatchSteps of(Map<String, String> options) throws AgentException {
        if (!Set.of("clean", "build", "exec").containsAll(options.keySet())) {
            throw new AgentException(Reason.INVALID_INPUT, "options of batch mode are clean, build and exec");
        }
        var commands = new LinkedHashMap<String, String>();
        for (var step : new String[] {"clean", "build", "exec"}) {
            var command = options.getOrDefault(step, "");
            if (command.length() > MAX_COMMAND || command.indexOf('\0') >= 0) {
                throw new AgentException(
                        Reason.INVALID_INPUT, step + " must have at most " + MAX_COMMAND + " characters and no NUL");
            }
            if (!command.isBlank()) {
                commands.put(step, PREAMBLE + (command.equals("*") ? USUAL.get(step) : command));
            }
        }
        return new BatchSteps(commands);
    }

    /** Returns code for the Python driver; its {@code batch} ends the run. */
    String python() {
        return commands.entrySet().stream()
                .map(step -> step.getKey() + ":"
                        + Base64.getEncoder().encodeToString(step.getValue().getBytes(UTF_8)))
                .collect(Collectors.joining(" ", "__import__('slipway_interpreter').batch('", "')"));
    }

    /** Returns lines for the shell driver; their last status is that of the run. */
    String shell() {
        var code = new StringBuilder();
        var closings = 0;
        for (var step : commands.entrySet()) {
            code.append("/bin/sh -c ").append(quoted(step.getValue())).append('\n');
            switch (step.getKey()) {
                case "exec" -> {}
                case "build" -> {
                    code.append("__slipway_built=$?; __slipway_step build $__slipway_built\n");
                    code.append("if [ $__slipway_built != 0 ]; then (exit 127); else :\n");
                    closings++;
                }
                default -> code.append("__slipway_step ").append(step.getKey()).append(" $?\n");
            }
        }
        return code.append("fi\n".repeat(closings)).toString();
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
