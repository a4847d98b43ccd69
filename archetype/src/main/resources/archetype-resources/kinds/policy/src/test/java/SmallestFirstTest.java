package ${package};

import io.slipway.scheduling.spi.SequencingPolicy;
import io.slipway.scheduling.testkit.SequencingPolicyContract;

/** What every sequencing policy does. */
class SmallestFirstTest extends SequencingPolicyContract {

    @Override
    protected SequencingPolicy policy() {
        return new SmallestFirst();
    }
}
