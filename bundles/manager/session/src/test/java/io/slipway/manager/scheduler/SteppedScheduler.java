package io.slipway.manager.scheduler;

import io.slipway.config.api.SharedConfig;
import io.slipway.manager.api.AgentDirectory;
import io.slipway.manager.api.Outbox;
import io.slipway.manager.store.SchedulingStore;
import io.slipway.manager.store.SessionEvent;
import io.slipway.manager.store.SessionStore;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.session.SessionStatus;
import io.slipway.plugin.api.Plugins;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** The real scheduler of one group without its thread: it decides when a test says so. */
public final class SteppedScheduler {

    private final GroupScheduler scheduler;
    private final Mailbox mailbox = new Mailbox();

    /** What it needs. */
    public record Surroundings(
            SessionStore sessions,
            SchedulingStore scheduling,
            Outbox outbox,
            AgentDirectory directory,
            SharedConfig config,
            Plugins plugins) {}

    public SteppedScheduler(String group, Surroundings around, String owner, InstantSource clock, LongSupplier ticker) {
        scheduler = new GroupScheduler(
                group,
                new GroupScheduler.Stores(around.sessions(), around.scheduling(), around.outbox()),
                new GroupPolicies(around.plugins(), around.config(), "fifo", "first"),
                new Leadership(around.config(), group, owner, ticker),
                new GroupScheduler.Times(Duration.ofMinutes(1), Duration.ofSeconds(30)),
                clock,
                new GroupView(group, around.directory()));
    }

    /** Lets a whole scheduler, with its threads, begin. */
    public static void begin(SchedulerGroups scheduler) {
        scheduler.start();
    }

    public void hear(SessionEvent event) {
        var status = SessionStatus.valueOf(event.status());
        var kernel = event.kernel();
        if (status.isTerminal()) {
            mailbox.ended(event.session(), kernel == null ? null : KernelId.parse(kernel));
        } else if (kernel == null && status == SessionStatus.PENDING) {
            mailbox.mayWait(event.session());
        }
    }

    public void agentsChanged() {
        mailbox.agentsChanged();
    }

    public void pass() throws InterruptedException {
        scheduler.pass(mailbox.take(Duration.ZERO));
    }
}
