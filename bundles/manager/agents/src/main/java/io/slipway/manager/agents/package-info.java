/** Which agents there are, whether they live, and how they are called: kept in memory, fed by heartbeats. */
@NullMarked
package io.slipway.manager.agents;

import org.jspecify.annotations.NullMarked;
