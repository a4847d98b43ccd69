/** Brings stored events over the event bus to the listeners of each manager, in order per session and at least once. */
@NullMarked
package io.slipway.manager.outbox;

import org.jspecify.annotations.NullMarked;
