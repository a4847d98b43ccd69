package io.slipway.manager.api;

import io.slipway.model.agent.AgentId;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Brings images that are on nodes into the catalog now, not only when an agent tells of new ones. Thread-safe; blocks. */
@ProviderType
public interface ImageScan {

    /** Asks every agent for its images and stores what is new or changed; images that are gone stay in the catalog. */
    Report scan();

    /**
     * What came of a scan.
     *
     * @param taken canonical names that are new in the catalog or changed, sorted
     * @param unchanged how many others are on nodes
     * @param failures agents that could not be asked, with the reason
     */
    record Report(List<String> taken, int unchanged, List<Failure> failures) {

        /** Copies. */
        public Report {
            taken = taken.stream().sorted().toList();
            failures = List.copyOf(failures);
        }
    }

    /**
     * An agent that could not be asked.
     *
     * @param agent which
     * @param reason in words
     */
    record Failure(AgentId agent, String reason) {}
}
