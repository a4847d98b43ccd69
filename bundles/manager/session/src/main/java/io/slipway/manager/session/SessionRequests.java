package io.slipway.manager.session;

import io.slipway.manager.api.AgentDirectory;
import io.slipway.manager.api.CreateSession;
import io.slipway.manager.api.IdentityService;
import io.slipway.manager.api.ImageCatalog;
import io.slipway.manager.store.DomainRecord;
import io.slipway.manager.store.IdentityStore;
import io.slipway.manager.store.NewKernel;
import io.slipway.manager.store.NewSession;
import io.slipway.manager.store.ProjectRecord;
import io.slipway.manager.store.SessionDetails;
import io.slipway.manager.store.SessionRecord;
import io.slipway.manager.store.SessionStore;
import io.slipway.model.agent.AgentId;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.identity.Principal;
import io.slipway.model.image.Image;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.session.SessionId;
import io.slipway.model.slot.SlotAmounts;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Makes of a wish what can be admitted: resolves every name and fills in what was left out. Stores nothing. */
@Component(service = SessionRequests.class)
public final class SessionRequests {

    private static final String LOCAL = "local";
    private static final String ANY = "*";

    private final IdentityService identities;
    private final IdentityStore identityStore;
    private final ImageCatalog images;
    private final AgentDirectory directory;
    private final InstantSource clock;
    private final TimeOrderedIds ids;
    private final SessionLookup lookup;

    /** A session to be admitted and the rule that decides. */
    record Resolved(NewSession session, PolicyRule rule) {}

    private record Owner(UUID userId, String domain) {}

    /** Used by the component runtime. */
    @Activate
    public SessionRequests(
            @Reference IdentityService identities,
            @Reference IdentityStore identityStore,
            @Reference ImageCatalog images,
            @Reference AgentDirectory directory,
            @Reference SessionStore sessions) {
        this(identities, identityStore, images, directory, sessions, InstantSource.system(), new SecureRandom());
    }

    SessionRequests(
            IdentityService identities,
            IdentityStore identityStore,
            ImageCatalog images,
            AgentDirectory directory,
            SessionStore sessions,
            InstantSource clock,
            RandomGenerator random) {
        this.identities = identities;
        this.identityStore = identityStore;
        this.images = images;
        this.directory = directory;
        this.clock = clock;
        this.ids = new TimeOrderedIds(clock, random);
        this.lookup = new SessionLookup(sessions);
    }

    /** Resolves; throws as {@link io.slipway.manager.api.SessionService#create} says. */
    Resolved resolve(Principal caller, AccessKey owner, CreateSession request) {
        RequestChecks.check(request);
        var user = owner(caller, owner);
        var image = images.resolve(request.image(), request.architecture());
        var project = project(caller, user, request);
        checkRegistry(project.domain(), image);
        var group = resourceGroup(project, request.resourceGroup());
        checkAgents(request.agents());
        var resources = new ResourceWish(directory.slotTypes());
        var slots = resources.resolve(request.resources(), image.minimum());
        RequestChecks.sharedMemory(request.resourceOpts(), slots);
        var at = clock.instant();
        var id = ids.next();
        var session = new NewSession(
                new SessionId(id),
                request.name(),
                owner,
                user.userId(),
                user.domain(),
                project.id(),
                group,
                details(request, at, dependencies(owner, request.dependencies())),
                kernels(id, request.clusterSize(), image, slots),
                at.truncatedTo(ChronoUnit.MILLIS));
        var together = session.kernels().stream().map(NewKernel::request).reduce(SlotAmounts.NONE, SlotAmounts::plus);
        return new Resolved(session, new PolicyRule(request.clusterSize(), together, resources));
    }

    private Owner owner(Principal caller, AccessKey owner) {
        if (owner.equals(caller.accessKey())) {
            return new Owner(caller.userId(), caller.domain());
        }
        return identityStore
                .keypair(owner)
                .map(keypair -> new Owner(keypair.user().id(), keypair.user().domain()))
                .orElseThrow(() -> SlipwayException.invalid("owner_access_key", "there is no such access key"));
    }

    private ProjectRecord project(Principal caller, Owner owner, CreateSession request) {
        var project = identities.project(caller, request.project());
        var domain = request.domain() == null ? owner.domain() : request.domain();
        if (!project.domain().equals(domain) || !project.isActive()) {
            throw SlipwayException.notFound(
                    "user group (or project)", "Project " + request.project() + " not found in domain " + domain);
        }
        return project;
    }

    private String resourceGroup(ProjectRecord project, @Nullable String wished) {
        var allowed = identities.resourceGroups(project).stream().sorted().toList();
        if (allowed.isEmpty()) {
            throw SlipwayException.notFound(
                    "scaling group", "Project " + project.name() + " may use no resource group");
        }
        if (wished != null && !allowed.contains(wished)) {
            throw SlipwayException.notFound(
                    "scaling group",
                    "Project " + project.name() + " may not use it; it may use " + String.join(", ", allowed));
        }
        return wished == null ? allowed.getFirst() : wished;
    }

    /** What has no registry but is made on its node may be used by everybody. */
    private void checkRegistry(String domain, Image image) {
        var registry = image.ref().registry();
        var allowed = identityStore
                .domain(domain)
                .map(DomainRecord::allowedRegistries)
                .orElse(List.of());
        if (!registry.equals(LOCAL) && !allowed.contains(ANY) && !allowed.contains(registry)) {
            throw SlipwayException.notFound(
                    "image reference",
                    "Image " + image.ref().canonical() + " is of registry " + registry + "; domain " + domain
                            + " may use " + (allowed.isEmpty() ? "none" : String.join(", ", allowed)));
        }
    }

    /** One that has failed already lets the session be cancelled, as one that fails later does. */
    private List<SessionId> dependencies(AccessKey owner, List<String> references) {
        var found = new LinkedHashSet<SessionId>();
        for (var reference : references) {
            found.add(lookup.match(owner, reference).stream()
                    .max(Comparator.comparing(
                                    (SessionRecord session) -> !session.status().isTerminal())
                            .thenComparing(SessionRecord::createdAt))
                    .orElseThrow(() -> SlipwayException.invalid(
                            "dependencies", "there is no session " + SessionLookup.shortened(reference)))
                    .id());
        }
        return List.copyOf(found);
    }

    private void checkAgents(List<String> agents) {
        for (var agent : agents) {
            if (agent.isBlank()
                    || agent.length() > 64
                    || directory.find(new AgentId(agent)).isEmpty()) {
                throw SlipwayException.invalid("agent_list", "there is no agent of that name");
            }
        }
    }

    private static SessionDetails details(CreateSession request, Instant now, List<SessionId> dependencies) {
        var startsAt = request.startsAt();
        return new SessionDetails(
                request.type(),
                request.priority(),
                request.clusterMode(),
                request.tag(),
                request.environment(),
                request.resourceOpts(),
                request.agents(),
                request.startupCommand(),
                request.callbackUrl(),
                request.bootstrapScript(),
                request.timeoutSeconds(),
                startsAt == null ? null : StartTime.read(startsAt, now).truncatedTo(ChronoUnit.MILLIS),
                dependencies);
    }

    /** The main kernel has the session's own id, as clients of old expect. */
    private List<NewKernel> kernels(UUID main, int size, Image image, SlotAmounts slots) {
        var result = new ArrayList<NewKernel>();
        result.add(new NewKernel(new KernelId(main), image.ref(), "main", 1, slots));
        for (int index = 1; index < size; index++) {
            result.add(new NewKernel(new KernelId(ids.next()), image.ref(), "sub", index, slots));
        }
        return result;
    }
}
