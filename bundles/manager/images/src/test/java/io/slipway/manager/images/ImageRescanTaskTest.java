package io.slipway.manager.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slipway.manager.api.ImageScan;
import io.slipway.manager.api.TaskRunner;
import io.slipway.model.agent.AgentId;
import io.slipway.model.failure.SlipwayException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ImageRescanTaskTest {

    private final List<String> told = new ArrayList<>();

    private String run(ImageScan.Report report) {
        return new ImageRescanTask(() -> report).run(Map.of(), new TaskRunner.Progress() {
            @Override
            public void tell(long current, long total, String message) {
                told.add(current + "/" + total);
            }

            @Override
            public boolean isStopping() {
                return false;
            }
        });
    }

    @Test
    void tellsWhatCameOfIt() {
        var failure = new ImageScan.Failure(new AgentId("i-two"), "away");
        assertEquals(
                "0 images new or changed, 3 unchanged; not asked: agent i-two: away",
                run(new ImageScan.Report(List.of(), 3, List.of(failure))));
        assertEquals(List.of("0/1", "1/1"), told);
    }

    @Test
    void failsIfNobodyTold() {
        var failure = new ImageScan.Failure(new AgentId("i-two"), "away");
        assertThrows(SlipwayException.class, () -> run(new ImageScan.Report(List.of(), 0, List.of(failure))));
    }
}
