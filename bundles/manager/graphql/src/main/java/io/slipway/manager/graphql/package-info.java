/** The GraphQL face of the manager: one schema, answered from the same services as the REST face. */
@NullMarked
package io.slipway.manager.graphql;

import org.jspecify.annotations.NullMarked;
