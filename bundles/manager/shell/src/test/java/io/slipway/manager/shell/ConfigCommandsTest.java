package io.slipway.manager.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.slipway.config.api.SharedConfig;
import io.slipway.lib.shell.OperatorAction;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.CommandException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands as the shell runs them: what stands behind the first name is in the last argument, options as well. */
class ConfigCommandsTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Pairs config = new Pairs();

    private String run(OperatorAction command) throws CommandException {
        out.reset();
        var console = new PrintStream(out, true, StandardCharsets.UTF_8);
        command.execute(
                (Session) Proxy.newProxyInstance(
                        Session.class.getClassLoader(),
                        new Class<?>[] {Session.class},
                        (proxy, method, arguments) -> console),
                false);
        return out.toString(StandardCharsets.UTF_8);
    }

    private EtcdGetCommand get(String... words) {
        var command = new EtcdGetCommand();
        command.key = List.of(words);
        command.config = config;
        return command;
    }

    private EtcdPutCommand put(String key, String... words) {
        var command = new EtcdPutCommand();
        command.key = key;
        command.value = List.of(words);
        command.config = config;
        return command;
    }

    @Test
    void putsAndGetsWithOptionsWhereverTheyStand() throws Exception {
        assertEquals("Put a/b\n", run(put("a/b", "-5")));
        assertEquals("-5\n", run(get("a/b")));
        assertTrue(run(get("a/b", "--json")).contains("\"a/b\" : \"-5\""));
        assertTrue(run(put("a/c", "--json", "1")).contains("\"a/c\" : \"1\""));
    }

    @Test
    void saysThatAKeyIsMissingAndNothingElse() throws Exception {
        var failure = assertThrows(CommandException.class, () -> run(get("none", "--json")));
        assertEquals("", out.toString(StandardCharsets.UTF_8));
        var json = JsonMapper.builder().build().readTree(failure.getNiceHelp());
        assertTrue(json.get("error").textValue().startsWith("there is no key 'none'"), json::toString);
    }

    @Test
    void listsAndDeletesByPrefix() throws Exception {
        config.put(Map.of("a/b", "1", "a/c", "2", "x", "3"));
        var list = new EtcdLsCommand();
        list.prefix = List.of("a/", "--json");
        list.config = config;
        assertEquals(2, JsonMapper.builder().build().readTree(run(list)).size());
        var all = new EtcdLsCommand();
        all.config = config;
        assertTrue(run(all).contains("x"));
        var delete = new EtcdDeleteCommand();
        delete.key = List.of("a/", "--prefix");
        delete.config = config;
        assertEquals("Deleted 2 keys\n", run(delete));
        assertEquals(Map.of("x", "3"), config.pairs);
    }

    @Test
    void refusesAFileThatHoldsNoJsonObject(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("a.json"), "[1]");
        var command = new EtcdPutJsonCommand();
        command.key = "a";
        command.file = List.of(file.toString());
        command.config = config;
        var failure = assertThrows(CommandException.class, () -> run(command));
        assertTrue(String.valueOf(failure.getMessage()).contains("holds no JSON object"), failure::getMessage);
        assertEquals(Map.of(), config.pairs);
    }

    private static final class Pairs implements SharedConfig {

        final TreeMap<String, String> pairs = new TreeMap<>();

        @Override
        public Optional<String> get(String key) {
            return Optional.ofNullable(pairs.get(key));
        }

        @Override
        public SortedMap<String, String> list(String prefix) {
            var found = new TreeMap<>(pairs);
            found.keySet().removeIf(key -> !key.startsWith(prefix));
            return found;
        }

        @Override
        public void put(Map<String, String> more) {
            pairs.putAll(more);
        }

        @Override
        public long delete(String key, boolean prefix) {
            var before = pairs.size();
            pairs.keySet().removeIf(known -> prefix ? known.startsWith(key) : known.equals(key));
            return (long) before - pairs.size();
        }

        @Override
        public AutoCloseable watch(String prefix, BiConsumer<String, Optional<String>> listener) {
            throw new UnsupportedOperationException("no command watches");
        }

        @Override
        public Optional<Long> acquireLease(String name, String owner, Duration timeToLive) {
            throw new UnsupportedOperationException("no command leases");
        }

        @Override
        public void releaseLease(String name, String owner) {
            throw new UnsupportedOperationException("no command leases");
        }
    }
}
