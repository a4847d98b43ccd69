/** Runs background tasks, and goes on with those that a restart broke off. */
@NullMarked
package io.slipway.manager.tasks;

import org.jspecify.annotations.NullMarked;
