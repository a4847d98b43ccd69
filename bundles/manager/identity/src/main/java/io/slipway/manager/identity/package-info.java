/** Who calls and what they may do: credentials for the check of signatures, sealed secrets, questions about users. */
@NullMarked
package io.slipway.manager.identity;

import org.jspecify.annotations.NullMarked;
