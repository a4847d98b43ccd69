package io.slipway.manager.api;

import io.slipway.model.session.SessionId;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Says in words where a session stands and why. Thread-safe; calls block. */
@ProviderType
public interface ExplainService {

    /**
     * Explains.
     *
     * @throws io.slipway.model.failure.SlipwayException NOT_FOUND (object {@code session})
     */
    Explanation explain(SessionId session);

    /**
     * Where a session stands.
     *
     * @param summary one sentence, such as {@code Waits: needs 2 cuda.device; the freest of 4 agents in group gpu has 1}
     * @param queuePosition its place in its group's queue from 1; 0 if it does not wait
     * @param agents one line per agent of its group on why it does not fit or where it runs
     * @param history how it came here, oldest first, as lines
     */
    record Explanation(String summary, int queuePosition, List<String> agents, List<String> history) {

        /** Copies. */
        public Explanation {
            agents = List.copyOf(agents);
            history = List.copyOf(history);
        }
    }
}
