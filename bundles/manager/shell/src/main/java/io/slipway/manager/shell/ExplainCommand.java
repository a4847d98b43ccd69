package io.slipway.manager.shell;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** The short name of what is asked most often. */
@Service
@Command(scope = "slipway", name = "explain", description = "Says where a session stands and why (session-explain)")
public final class ExplainCommand extends SessionExplainCommand {}
