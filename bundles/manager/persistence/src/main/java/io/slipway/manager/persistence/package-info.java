/** Keeps what the manager must not lose, in H2 or PostgreSQL, behind the ports of {@code manager.store}. */
@NullMarked
package io.slipway.manager.persistence;

import org.jspecify.annotations.NullMarked;
