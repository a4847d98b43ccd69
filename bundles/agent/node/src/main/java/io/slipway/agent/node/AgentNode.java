package io.slipway.agent.node;

import io.slipway.accelerator.spi.AcceleratorProvider;
import io.slipway.agent.api.Agent;
import io.slipway.agent.api.AgentEventSink;
import io.slipway.agent.spi.KernelDriver;
import io.slipway.model.setting.InstallationFolder;
import io.slipway.model.setting.ListSetting;
import io.slipway.plugin.api.PluginId;
import io.slipway.plugin.api.Plugins;
import io.slipway.runtime.spi.KernelRuntime;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the agent of this node and registers it as a service when it has found its kernels again. */
@Component(
        configurationPid = "io.slipway.agent.node",
        immediate = true,
        service = {})
@Designate(ocd = AgentNode.Config.class)
public final class AgentNode {

    /** Operator settings. */
    @ObjectClassDefinition(name = "Slipway agent node")
    public @interface Config {
        @AttributeDefinition(
                description = "Id of the agent; empty for the one in DIR/agent/id, made at the first start")
        String agentId() default "";

        @AttributeDefinition(description = "Resource group that the agent asks to join when it is new")
        String resourceGroup() default "default";

        @AttributeDefinition(description = "Where the agent is reached, for people")
        String address() default "local";

        @AttributeDefinition(
                description = "Runtimes for images of a registry, each as registry=runtime, before what runtimes claim;"
                        + " * stands for all registries that no other entry names and no runtime claims")
        String[] runtimeByRegistry() default {"*=docker"};

        @AttributeDefinition(description = "Most processes and threads of a kernel", min = "1")
        int pidsLimit() default 512;

        @AttributeDefinition(description = "Folder for home folders of kernels; empty for the default")
        String kernelHomes() default "";

        @AttributeDefinition(description = "Pause between two heartbeats, in milliseconds", min = "100")
        long heartbeatMillis() default 3_000;

        @AttributeDefinition(
                description = "Pause between two inventories of devices and images, in milliseconds",
                min = "500")
        long inventoryMillis() default 10_000;

        @AttributeDefinition(description = "Pause between two looks for leaks, in milliseconds", min = "1000")
        long reaperMillis() default 60_000;

        @AttributeDefinition(
                description = "How long after its start the agent asks callers to wait for a runtime, in milliseconds",
                min = "0")
        long settlingMillis() default 30_000;
    }

    private static final Logger LOG = LoggerFactory.getLogger(AgentNode.class);
    private static final Duration SECOND_LOOK = Duration.ofSeconds(2);

    private final BundleContext context;
    private final Node node;
    private final NodeSettings settings;
    private @Nullable ServiceRegistration<Agent> registration;

    /** Used by the component runtime. */
    @Activate
    public AgentNode(BundleContext context, @Reference Plugins plugins, @Reference KernelDriver driver, Config config)
            throws IOException {
        this.context = context;
        var home = InstallationFolder.of(context::getProperty);
        var isRoot = isRoot();
        var folders = NodeFolders.of(home, config.kernelHomes(), isRoot);
        folders.create();
        this.settings = settings(context, config, folders);
        this.node = new Node(
                settings,
                plugins.set(KernelRuntime.class),
                plugins.set(AcceleratorProvider.class),
                driver,
                folders,
                isRoot);
    }

    private static NodeSettings settings(BundleContext context, Config config, NodeFolders folders) throws IOException {
        return new NodeSettings(
                AgentIdentity.of(folders.state(), config.agentId(), hostName(), RandomGenerator.getDefault()),
                config.resourceGroup(),
                config.address(),
                version(context),
                architecture(System.getProperty("os.arch", "")),
                runtimeByRegistry(config.runtimeByRegistry()),
                config.pidsLimit(),
                new NodeSettings.Times(
                        Duration.ofMillis(config.heartbeatMillis()),
                        Duration.ofMillis(config.inventoryMillis()),
                        Duration.ofMillis(config.reaperMillis()),
                        Duration.ofMillis(config.settlingMillis()),
                        SECOND_LOOK));
    }

    /** Where events go; may come and go at any time. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindSink(AgentEventSink sink) {
        node.sink(sink);
    }

    void unbindSink(AgentEventSink sink) {
        node.unsetSink(sink);
    }

    @Activate
    void start() throws IOException {
        node.start();
        var properties = FrameworkUtil.asDictionary(
                Map.of(Agent.ID_PROPERTY, settings.agent().value()));
        registration = context.registerService(Agent.class, node.agent(), properties);
        LOG.info("agent={} started", settings.agent());
    }

    @Deactivate
    void stop() {
        if (registration != null) {
            registration.unregister();
        }
        node.stop();
    }

    private static boolean isRoot() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid") instanceof Integer uid && uid == 0;
    }

    private static String hostName() throws IOException {
        var file = Path.of("/proc/sys/kernel/hostname");
        return Files.exists(file)
                ? Files.readString(file).strip()
                : InetAddress.getLocalHost().getHostName();
    }

    private static String version(BundleContext context) {
        var version = context.getBundle().getVersion();
        return version.getMajor() + "." + version.getMinor() + "." + version.getMicro();
    }

    static String architecture(String javaName) {
        return switch (javaName) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "aarch64";
            default -> javaName.isEmpty() ? "unknown" : javaName;
        };
    }

    static Map<String, PluginId> runtimeByRegistry(String[] entries) {
        var result = new HashMap<String, PluginId>();
        for (var entry : ListSetting.values(entries)) {
            var parts = entry.split("=", 2);
            if (parts.length != 2 || parts[0].isBlank()) {
                throw new IllegalArgumentException("runtimeByRegistry: '" + entry + "' is not registry=runtime");
            }
            result.put(parts[0].strip(), new PluginId(parts[1].strip()));
        }
        return result;
    }
}
