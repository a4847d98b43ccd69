/** The operator's commands for sessions, agents, images and shared configuration. */
@NullMarked
package io.slipway.manager.shell;

import org.jspecify.annotations.NullMarked;
