/** Places waiting sessions on agents: one thread and one leader per resource group, woken by events. */
@NullMarked
package io.slipway.manager.scheduler;

import org.jspecify.annotations.NullMarked;
