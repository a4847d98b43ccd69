/** What every plug-in's bundle must do in a framework, whatever it provides, as tests to inherit. */
@NullMarked
@Export
@Version("1.0.0")
package io.slipway.plugin.testkit;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
