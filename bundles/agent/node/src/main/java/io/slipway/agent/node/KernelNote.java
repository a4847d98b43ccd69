package io.slipway.agent.node;

import io.slipway.agent.api.KernelTask;
import io.slipway.agent.spi.DriverKind;
import io.slipway.model.agent.DeviceAllocation;
import io.slipway.model.kernel.KernelExit;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.kernel.ServicePort;
import io.slipway.model.session.SessionId;
import io.slipway.plugin.api.PluginId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the agent writes down of a kernel to find it again after a restart.
 *
 * @param kernel which kernel
 * @param session whose kernel it is
 * @param runtime where its container is
 * @param stage how far it had come
 * @param driver its driver, null if it has none or that is not known yet
 * @param containerId the runtime's name of its container, may be empty
 * @param servicePorts application ports
 * @param allocations the devices it holds
 * @param exit how it ended, null before its end
 * @param logs the end of its log, empty before its end
 * @param task what it runs by itself, or null
 * @param taskEndsAt when the time for that is over, in milliseconds since 1970; 0 for never or not begun
 * @param round number of its last restart, 0 before the first
 */
record KernelNote(
        KernelId kernel,
        SessionId session,
        PluginId runtime,
        Stage stage,
        @Nullable DriverKind driver,
        String containerId,
        List<ServicePort> servicePorts,
        List<DeviceAllocation> allocations,
        @Nullable KernelExit exit,
        String logs,
        @Nullable KernelTask task,
        long taskEndsAt,
        long round) {

    KernelNote {
        servicePorts = List.copyOf(servicePorts);
        allocations = List.copyOf(allocations);
    }

    /** How far a kernel had come. */
    enum Stage {
        STARTING,
        RUNNING,
        /** Its exit is known; its container and folders may be left, and managers are still to be told. */
        ENDING
    }

    static KernelNote starting(
            KernelId kernel, SessionId session, PluginId runtime, List<DeviceAllocation> allocations) {
        return new KernelNote(
                kernel, session, runtime, Stage.STARTING, null, "", List.of(), allocations, null, "", null, 0, 0);
    }

    KernelNote withDriver(@Nullable DriverKind kind, List<ServicePort> ports) {
        return new KernelNote(
                kernel,
                session,
                runtime,
                stage,
                kind,
                containerId,
                ports,
                allocations,
                exit,
                logs,
                task,
                taskEndsAt,
                round);
    }

    KernelNote at(Stage next, String container) {
        return new KernelNote(
                kernel,
                session,
                runtime,
                next,
                driver,
                container,
                servicePorts,
                allocations,
                exit,
                logs,
                task,
                taskEndsAt,
                round);
    }

    KernelNote ending(KernelExit how, String log) {
        return new KernelNote(
                kernel,
                session,
                runtime,
                Stage.ENDING,
                driver,
                containerId,
                servicePorts,
                allocations,
                how,
                log,
                task,
                taskEndsAt,
                round);
    }

    KernelNote withTask(@Nullable KernelTask wanted, long endsAt) {
        return new KernelNote(
                kernel,
                session,
                runtime,
                stage,
                driver,
                containerId,
                servicePorts,
                allocations,
                exit,
                logs,
                wanted,
                endsAt,
                round);
    }

    /** Returns the note of a kernel that is started anew, with its devices. */
    KernelNote restarting(long number) {
        return new KernelNote(
                kernel, session, runtime, Stage.STARTING, null, "", List.of(), allocations, null, "", null, 0, number);
    }
}
