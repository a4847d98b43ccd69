package io.slipway.plugin.lifecycle;

import io.slipway.plugin.api.PluginArtifact;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.PluginTransaction;
import io.slipway.plugin.lifecycle.sample.GoodLedger;
import io.slipway.plugin.lifecycle.sample.LockedOut;
import io.slipway.plugin.lifecycle.sample.OwnedLedger;
import io.slipway.plugin.lifecycle.sample.Tuned;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Changes some plug-ins and the settings of one; the process ends at the failpoint that it was started with. */
final class KillMain {

    static final List<String> IDS = List.of("red", "blue", "owned");

    private KillMain() {}

    /** One has settings, one owns a file and hands state over. */
    static Class<?> type(String id) {
        return switch (id) {
            case "red" -> Tuned.class;
            case "owned" -> OwnedLedger.class;
            default -> GoodLedger.class;
        };
    }

    /** Needs the home, whether the change is taken back on probation, and whether one of them is refused. */
    public static void main(String[] arguments) throws Exception {
        var home = Path.of(arguments[0]);
        var isTakenBack = Boolean.parseBoolean(arguments[1]);
        var swaps = new SwapFixture(home, new Failpoints());
        if (isTakenBack) { // so that only the order ends the probation
            var limit = Duration.ofSeconds(60);
            swaps.limits(new SwapLimits(
                    limit, limit, limit, limit, spi -> ProbationLimits.USUAL.withWindow(Duration.ofMinutes(5))));
        }
        swaps.ledger("owned").write("x");
        var isRefused = Boolean.parseBoolean(arguments[2]);
        var artifacts = IDS.stream()
                .map(id -> artifact(home, id, isRefused && id.equals("blue") ? LockedOut.class : type(id)))
                .toList();
        var settings = new PluginTransaction.Settings(new PluginId("red"), "sample.Ledger", Map.of("pitch", "440"));
        var end = swaps.engine().apply(new PluginTransaction(artifacts, List.of(settings)), progress -> {});
        while (isTakenBack && !end.isDone()) {
            var _ = swaps.engine().rollback(new PluginId("red"), any -> {});
            Thread.sleep(5);
        }
        end.get(60, TimeUnit.SECONDS);
        swaps.close();
    }

    private static PluginArtifact artifact(Path home, String id, Class<?> type) {
        var file = home.resolve(id + "-incoming.jar");
        SampleBundle.of("test." + id, "2.0.0").ledger(id, type).write(file);
        return new PluginArtifact(new PluginId(id), file, "test");
    }
}
