/** The life of sessions: accepts them, starts and ends their kernels on agents, keeps every deadline, runs code in them. */
@NullMarked
package io.slipway.manager.session;

import org.jspecify.annotations.NullMarked;
