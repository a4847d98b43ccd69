package io.slipway.plugin.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.slipway.plugin.api.CallCosts;
import io.slipway.plugin.api.OfferedPlugin;
import io.slipway.plugin.api.PluginVerdict.Finding;
import io.slipway.plugin.api.SwapOutcome;
import io.slipway.plugin.api.SwapStep;
import java.time.Duration;
import java.util.List;
import org.apache.karaf.shell.support.CommandException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PluginCommandsTest {

    private final FakePlugins plugins = new FakePlugins();
    private final FakeConsole console = new FakeConsole(false);

    @AfterEach
    void leavesNoFile() {
        assertEquals(0, plugins.open);
    }

    private PluginInstallCommand install(String where) {
        var command = new PluginInstallCommand();
        command.where = List.of(where);
        command.plugins = plugins;
        command.sources = plugins;
        return command;
    }

    private PluginSwapCommand swap(String id, @Nullable String where, @Nullable String version) {
        var command = new PluginSwapCommand();
        command.id = id;
        command.where = where == null ? List.of() : List.of(where);
        command.version = version;
        command.plugins = plugins;
        command.sources = plugins;
        return command;
    }

    private PluginRollbackCommand rollback(@Nullable String version) {
        var command = new PluginRollbackCommand();
        command.id = List.of("noop");
        command.version = version;
        command.plugins = plugins;
        return command;
    }

    private String refused(PluginCommand command) {
        return String.valueOf(
                assertThrows(CommandException.class, () -> console.run(command)).getMessage());
    }

    @Test
    void installsAndPrintsEachStepOnTheWay() throws Exception {
        console.run(install("/x/noop.jar"));
        assertEquals(List.of("apply noop /x/noop.jar"), plugins.orders);
        assertEquals(
                List.of(
                        "fetch /x/noop.jar",
                        "noop 1.1.0: check",
                        "noop 1.1.0: self_test",
                        "noop: 1.0.0 -> 1.1.0 in 350 ms"),
                console.text().lines().toList());
    }

    @Test
    void installsWithSettingsAsOneChange() throws Exception {
        var command = install("/x/noop.jar");
        command.set = List.of("io.slipway.runtime.noop.delay=5=6");
        console.run(command);
        assertEquals(List.of("apply noop /x/noop.jar {io.slipway.runtime.noop.delay=5=6}"), plugins.orders);
    }

    @Test
    void namesWhatIsNoSetting() {
        for (var text : List.of("delay", "=5")) {
            var command = install("/x/noop.jar");
            command.set = List.of(text);
            assertTrue(refused(command).contains("PID.NAME=VALUE"));
        }
        var swap = swap("noop", null, "1.1.0");
        swap.set = List.of("io.slipway.runtime.noop.delay=5");
        assertTrue(refused(swap).contains("--set goes with a new file"));
        assertEquals(List.of(), plugins.orders);
    }

    @Test
    void plansWithSettings() throws Exception {
        var command = new PluginPlanCommand();
        command.where = List.of("/x/noop.jar");
        command.plugins = plugins;
        command.sources = plugins;
        command.set = List.of("io.slipway.runtime.noop.delay=5");
        console.run(command);
        assertTrue(console.text().contains("  io.slipway.runtime.noop.delay = 5"), console::text);
        assertEquals(List.of(), plugins.orders);
    }

    @Test
    void printsJsonAlone() throws Exception {
        console.runForJson(install("/x/noop.jar"));
        var outcome = console.json().get("outcomes").get(0);
        assertEquals("Swapped", outcome.get("outcome").textValue());
        assertEquals(350, outcome.get("tookMillis").intValue());
    }

    @Test
    void refusalAsJsonIsOneObjectAndNothingElse() throws Exception {
        plugins.outcome = new SwapOutcome.Refused(FakePlugins.NOOP, SwapStep.START, "it throws");
        var failure = assertThrows(CommandException.class, () -> console.runForJson(install("/x/noop.jar")));
        assertEquals("", console.text());
        var json = JsonMapper.builder().build().readTree(failure.getNiceHelp());
        assertEquals("noop is refused at start: it throws", json.get("error").textValue());
        assertEquals("START", json.get("outcomes").get(0).get("step").textValue());
    }

    @Test
    void ordersNothingThatTheSiteDoesNotTake() {
        plugins.finding = Finding.UNSIGNED;
        assertEquals("noop: UNSIGNED: in words", refused(install("/x/noop.jar")));
        assertEquals("noop: UNSIGNED: in words", refused(swap("noop", "/x/noop.jar", null)));
        assertEquals(List.of(), plugins.orders);
    }

    @Test
    void saysWhatIsWrongWithAPlaceOrAnId() {
        assertEquals("there is no file nowhere", refused(install("nowhere")));
        assertTrue(refused(swap("NOOP", "/x", null)).contains("'NOOP' is not lower-case"));
        assertTrue(refused(swap("noop", null, null)).contains("which --version of [1.0.0, 1.1.0]"));
        assertTrue(refused(swap("noop", "/x", "1.0.0")).contains("say where"));
        assertEquals(List.of(), plugins.orders);
    }

    @Test
    void goesBackWithTheSettingsOfThatVersionAlone() {
        var command = rollback(null);
        command.set = List.of("io.slipway.noop.delayMillis=5");
        assertTrue(refused(command).contains("leave --set out"));
        assertEquals(List.of(), plugins.orders);
    }

    @Test
    void swapsToAVersionOnDiskAndBack() throws Exception {
        console.run(swap("noop", null, "1.1.0"));
        console.run(swap("noop", "/x/noop.jar", null));
        console.run(rollback(null));
        console.run(rollback("1.0.0"));
        assertEquals(
                List.of("select noop 1.1.0", "apply noop /x/noop.jar", "rollback noop", "select noop 1.0.0"),
                plugins.orders);
    }

    @Test
    void failsIfTheNewVersionIsRefusedOrTakenBack() {
        plugins.outcome = new SwapOutcome.Refused(FakePlugins.NOOP, SwapStep.START, "it throws");
        assertEquals("noop is refused at start: it throws", refused(install("/x/noop.jar")));
        plugins.outcome = new SwapOutcome.RolledBack(
                FakePlugins.NOOP, "1.0.0", "1.1.0", "too slow", new CallCosts(2, 5, List.of("create: 2 failed")));
        assertEquals(
                "noop 1.1.0 was taken back, 1.0.0 serves again: too slow; it cost 2 calls, 5 more were retried:"
                        + " create: 2 failed",
                refused(install("/x/noop.jar")));
    }

    @Test
    void plansWithoutAnOrder() throws Exception {
        plugins.finding = Finding.UNTRUSTED;
        var plan = new PluginPlanCommand();
        plan.where = List.of("/x/noop.jar");
        plan.plugins = plugins;
        plan.sources = plugins;
        console.run(plan);
        var text = console.text();
        for (var part : List.of(
                "noop: 1.0.0 -> 1.1.0", "calls in flight: 3", "awaitExit: 3", "12 kernels", "UNTRUSTED: in words")) {
            assertTrue(text.contains(part), text);
        }
        var json = new FakeConsole(false);
        json.runForJson(plan);
        assertEquals(3, json.json().get("plans").get(0).get("callsInFlight").intValue());
        assertEquals(List.of(), plugins.orders);
    }

    @Test
    void verifiesAndFailsIfItWouldBeRefused() throws Exception {
        var verify = new PluginVerifyCommand();
        verify.where = List.of("/x/noop.jar");
        verify.sources = plugins;
        console.run(verify);
        assertTrue(console.text().contains("TRUSTED"), console::text);
        plugins.finding = Finding.TAMPERED;
        assertEquals("It would be refused: noop: TAMPERED: in words", refused(verify));
    }

    @Test
    void showsWhatIsInsideTheVersionThatServes() throws Exception {
        var info = new PluginInfoCommand();
        info.id = List.of("noop", "--contents");
        info.plugins = plugins;
        info.sources = plugins;
        console.run(info);
        assertTrue(console.text().contains("  org.acme:codec 3.1 Apache-2.0"), console::text);
        assertTrue(console.text().contains("contentsBy: noop.cdx.json of /repository"), console::text);
    }

    @Test
    void completesNamesOfRepositories() {
        var names = new OfferedNames(Duration.ofSeconds(30));
        plugins.offers = List.of(new OfferedPlugin(FakePlugins.NOOP, "1.2.0", "/r", "a.jar", "0", "", "", ""));
        assertEquals(List.of("noop", "noop@1.2.0"), names.of(plugins));
    }

    @Test
    void showsTheHistoryOfOneOrAll() throws Exception {
        var history = new PluginHistoryCommand();
        history.plugins = plugins;
        console.runForJson(history);
        assertEquals(2, console.json().size());
        history.id = List.of("noop");
        var one = new FakeConsole(false);
        one.runForJson(history);
        assertEquals("shipped", one.json().get(0).get("words").textValue());
        assertEquals(1, one.json().size());
    }

    @Test
    void showsAndExplainsOnePlugin() throws Exception {
        var info = new PluginInfoCommand();
        info.id = List.of("noop");
        info.plugins = plugins;
        console.run(info);
        assertTrue(console.text().contains("100 calls, 2 failed, p50 5 ms, p99 40 ms, 3 in flight"), console::text);
        assertTrue(console.text().contains("state: ACTIVE"), console::text);
        info.id = List.of("none");
        assertTrue(refused(info).contains("there is no plug-in 'none'"));
        var explain = new PluginExplainCommand();
        explain.id = List.of("noop");
        explain.plugins = plugins;
        var json = new FakeConsole(false);
        json.runForJson(explain);
        assertEquals("It serves.", json.json().get("sentences").get(0).textValue());
        console.run(explain);
        assertTrue(console.text().contains("What happened last:"), console::text);
    }
}
