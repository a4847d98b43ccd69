package io.slipway.manager.scheduler;

import io.slipway.model.failure.SlipwayException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread of one group's scheduler: waits for news, at most a second, and lets it decide. */
final class GroupThread {

    private static final Logger LOG = LoggerFactory.getLogger(GroupThread.class);
    private static final Duration TICK = Duration.ofSeconds(1);

    private final String group;
    private final GroupScheduler scheduler;
    private final Mailbox mailbox = new Mailbox();
    private final Thread thread;
    private volatile boolean isStopped;

    /** Begins at once. */
    GroupThread(String group, GroupScheduler scheduler) {
        this.group = group;
        this.scheduler = scheduler;
        this.thread =
                Thread.ofPlatform().daemon().name("slipway-scheduler-" + group).unstarted(this::run);
        thread.start();
    }

    Mailbox mailbox() {
        return mailbox;
    }

    /** Lets it end soon; no interrupt, it may be writing. */
    void end() {
        isStopped = true;
        mailbox.wake();
    }

    boolean join(Duration patience) {
        try {
            return thread.join(patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void run() {
        try {
            while (!isStopped) {
                passAndSurvive(mailbox.take(TICK));
            }
        } catch (InterruptedException e) {
            LOG.error("Scheduler of group {} was interrupted; it places nothing any more", group, e);
        }
        scheduler.giveUp();
    }

    @SuppressWarnings("IllegalCatch") // thread boundary: an escaped exception would end all later decisions
    private void passAndSurvive(Mailbox.News news) {
        try {
            scheduler.pass(news);
        } catch (SlipwayException e) {
            LOG.warn("group={} cannot be scheduled now: {}", group, e.getMessage());
            mailbox.missed();
        } catch (RuntimeException e) {
            LOG.error("group={} not scheduled", group, e);
            mailbox.missed();
        }
    }
}
