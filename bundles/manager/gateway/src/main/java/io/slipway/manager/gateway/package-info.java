/** The manager's front door: checks who calls, reads what is asked, and answers in the words of the wire protocol. */
@NullMarked
package io.slipway.manager.gateway;

import org.jspecify.annotations.NullMarked;
