package io.slipway.manager.images;

import io.slipway.manager.api.ImageScan;
import io.slipway.manager.api.TaskRunner;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import java.util.Map;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Brings the images of all agents into the catalog as a background task; may be repeated at will. */
@Component
public final class ImageRescanTask implements TaskRunner {

    private final ImageScan scan;

    /** Used by the component runtime. */
    @Activate
    public ImageRescanTask(@Reference ImageScan scan) {
        this.scan = scan;
    }

    @Override
    public String kind() {
        return "image-rescan";
    }

    @Override
    public String run(Map<String, String> arguments, Progress progress) {
        progress.tell(0, 1, "Every agent is asked for its images");
        var report = scan.scan();
        var failures = report.failures().stream()
                .map(failure -> "agent " + failure.agent() + ": " + failure.reason())
                .collect(Collectors.joining("; "));
        var count = report.taken().size() + report.unchanged();
        if (count == 0 && !failures.isEmpty()) {
            throw new SlipwayException(FailureCode.UNAVAILABLE, "No agent told its images: " + failures);
        }
        progress.tell(1, 1, "done");
        return report.taken().size() + " images new or changed, " + report.unchanged() + " unchanged"
                + (failures.isEmpty() ? "" : "; not asked: " + failures);
    }
}
