package io.slipway.plugin.lifecycle;

import io.slipway.model.setting.ListSetting;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** The limits that the operator has set, by SPI. */
final class ConfiguredLimits {

    private static final Pattern ENTRY = Pattern.compile("\\s*(\\w+)\\.(\\w+)\\s*=\\s*([0-9.]+)\\s*");
    private static final Duration REMOVAL = Duration.ofSeconds(1);

    private final SwapLimits limits;
    private final Collection<ProbationLimits> probations;

    ConfiguredLimits(PluginSettings settings) {
        var usual = new ProbationLimits(
                Duration.ofMillis(settings.probationMillis()),
                settings.minCalls(),
                settings.maxErrorRatio(),
                settings.latencyFactor(),
                Duration.ofMillis(settings.latencyFloorMillis()),
                Duration.ofMillis(settings.hangMillis()));
        var bySpi = new HashMap<String, ProbationLimits>();
        bySpi.put("", usual);
        for (var entry : ListSetting.values(settings.perSpi())) {
            var match = ENTRY.matcher(entry);
            if (!match.matches()) {
                throw new IllegalArgumentException("perSpi: '" + entry + "' is not SPI.SETTING=VALUE");
            }
            var known = bySpi.getOrDefault(match.group(1), usual);
            bySpi.put(match.group(1), with(known, match.group(2), Double.parseDouble(match.group(3))));
        }
        var all = Map.copyOf(bySpi);
        this.probations = all.values();
        this.limits = new SwapLimits(
                Duration.ofMillis(settings.startMillis()),
                Duration.ofMillis(settings.stopMillis()),
                REMOVAL,
                Duration.ofSeconds(settings.drainSeconds()),
                spi -> all.getOrDefault(spi, usual));
    }

    private static ProbationLimits with(ProbationLimits known, String setting, double value) {
        var duration = Duration.ofMillis((long) value);
        return switch (setting) {
            case "probationMillis" -> known.withWindow(duration);
            case "minCalls" -> known.withMinCalls((int) value);
            case "maxErrorRatio" -> known.withMaxErrorRatio(value);
            case "latencyFactor" -> known.withLatencyFactor(value);
            case "latencyFloorMillis" -> known.withLatencyFloor(duration);
            case "hangMillis" -> known.withHang(duration);
            default -> throw new IllegalArgumentException("perSpi: there is no setting '" + setting + "'");
        };
    }

    SwapLimits limits() {
        return limits;
    }

    Duration longestWindow() {
        return probations.stream()
                .map(ProbationLimits::window)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }
}
