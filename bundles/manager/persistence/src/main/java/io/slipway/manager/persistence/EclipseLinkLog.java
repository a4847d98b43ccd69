package io.slipway.manager.persistence;

import org.eclipse.persistence.logging.AbstractSessionLog;
import org.eclipse.persistence.logging.SessionLog;
import org.eclipse.persistence.logging.SessionLogEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands EclipseLink's log to ours. Parameters of statements are not shown: some are secrets. */
public final class EclipseLinkLog extends AbstractSessionLog {

    private static final Logger LOG = LoggerFactory.getLogger("io.slipway.manager.persistence.eclipselink");

    /** Used by EclipseLink. */
    public EclipseLinkLog() {}

    @Override
    public void log(SessionLogEntry entry) {
        if (!shouldLog(entry.getLevel(), entry.getNameSpace())) {
            return;
        }
        // what fails is thrown as well and reported by whoever can do something about it
        if (entry.getLevel() >= SessionLog.WARNING && !entry.hasException()) {
            LOG.warn("{}", formatMessage(entry));
        } else {
            LOG.debug("{}", formatMessage(entry));
        }
    }
}
