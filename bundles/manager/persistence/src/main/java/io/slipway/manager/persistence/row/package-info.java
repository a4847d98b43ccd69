/** The rows of the database as entities, each with the turn into and out of the values of the store's ports. */
@NullMarked
package io.slipway.manager.persistence.row;

import org.jspecify.annotations.NullMarked;
