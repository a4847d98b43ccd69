package io.slipway.runtime.process;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Runs test classes and exits with 0 if all passed; for a JVM of another user. */
final class UserRun {

    private UserRun() {}

    public static void main(String[] classes) {
        var summary = new SummaryGeneratingListener();
        var request = LauncherDiscoveryRequestBuilder.request()
                .selectors(Arrays.stream(classes)
                        .map(DiscoverySelectors::selectClass)
                        .toList())
                .build();
        LauncherFactory.create().execute(request, summary);
        var writer = new PrintWriter(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        summary.getSummary().printTo(writer);
        summary.getSummary().printFailuresTo(writer, 40);
        Runtime.getRuntime()
                .exit(
                        summary.getSummary().getTotalFailureCount() == 0
                                        && summary.getSummary().getTestsSucceededCount() > 0
                                ? 0
                                : 1);
    }
}
