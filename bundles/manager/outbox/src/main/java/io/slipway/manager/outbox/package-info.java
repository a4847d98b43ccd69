/** Brings stored events to the listeners of this manager, in order per session and at least once. */
@NullMarked
package io.slipway.manager.outbox;

import org.jspecify.annotations.NullMarked;
