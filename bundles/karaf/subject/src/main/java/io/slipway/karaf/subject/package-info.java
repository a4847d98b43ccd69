/**
 * Tells Karaf who is calling, on a Java without access control contexts.
 *
 * <p>Exported only because the classes that {@link io.slipway.karaf.subject.SubjectWeaver} changes call into it.
 */
@NullMarked
@Export
@Version("1.0.0")
package io.slipway.karaf.subject;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
