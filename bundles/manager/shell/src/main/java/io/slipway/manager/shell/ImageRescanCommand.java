package io.slipway.manager.shell;

import io.slipway.lib.shell.OperatorAction;
import io.slipway.lib.shell.Printer;
import io.slipway.manager.api.ImageScan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Brings the images of all nodes into the catalog. */
@Service
@Command(
        scope = "slipway",
        name = "image-rescan",
        description = "Asks every agent for its images and brings what is new or changed into the catalog")
public final class ImageRescanCommand extends OperatorAction {

    @Reference
    ImageScan scan;

    @Override
    protected void run(Printer printer) {
        var report = scan.scan();
        var lines = new ArrayList<String>();
        report.taken().forEach(image -> lines.add("taken      " + image));
        report.failures()
                .forEach(failure -> lines.add("FAILED     agent " + failure.agent() + ": " + failure.reason()));
        lines.add(report.taken().size() + " new or changed, " + report.unchanged() + " unchanged");
        var failures = report.failures().stream()
                .map(failure -> Map.of("agent", failure.agent().toString(), "reason", failure.reason()))
                .toList();
        printer.lines(
                Map.of("taken", report.taken(), "unchanged", report.unchanged(), "failures", List.copyOf(failures)),
                lines);
    }
}
