package io.slipway.manager.graphql;

import graphql.schema.DataFetchingEnvironment;
import io.slipway.manager.api.AgentDirectory;
import io.slipway.manager.api.AgentDirectory.AgentView;
import io.slipway.manager.api.ImageCatalog;
import io.slipway.manager.store.ConditionCheck;
import io.slipway.manager.store.Occupancy;
import io.slipway.manager.store.SchedulingStore;
import io.slipway.model.agent.AgentId;
import io.slipway.model.image.Image;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Answers questions about agents and images. */
final class CatalogQueries {

    private final AgentDirectory agents;
    private final ImageCatalog images;
    private final SchedulingStore scheduling;

    CatalogQueries(AgentDirectory agents, ImageCatalog images, SchedulingStore scheduling) {
        this.agents = agents;
        this.images = images;
        this.scheduling = scheduling;
    }

    Map<String, Object> agents(DataFetchingEnvironment environment) {
        Caller.mustBeSuperadmin(environment);
        var limit = Arguments.limit(environment);
        var filter = FilterParser.parse(environment.getArgument("filter"), AgentFields.ALL);
        var matching = agents.agents().stream()
                .filter(agent -> isAsked(agent, environment))
                .filter(agent -> filter.isEmpty() || ConditionCheck.holds(filter.get(), field -> field.of(agent)))
                .sorted(order(environment))
                .toList();
        var page = matching.stream()
                .skip(Arguments.offset(environment))
                .limit(limit)
                .toList();
        var occupied = occupied(page);
        return Map.of(
                "items",
                page.stream()
                        .map(agent -> AgentViews.agent(
                                agent, occupied.getOrDefault(agent.record().id(), List.of())))
                        .toList(),
                "total_count",
                matching.size());
    }

    /** The directory's own order, by id, decides last. */
    private static Comparator<AgentView> order(DataFetchingEnvironment environment) {
        return OrderParser.<AgentFields, Comparator<AgentView>>parse(
                        environment.getArgument("order"), AgentFields.ALL, AgentFields::order)
                .stream()
                .reduce(Comparator::thenComparing)
                .orElse(Comparator.comparing(agent -> agent.record().id().toString()));
    }

    List<Map<String, @Nullable Object>> images(DataFetchingEnvironment environment) {
        @Nullable Boolean installed = environment.getArgument("is_installed");
        @Nullable Boolean operation = environment.getArgument("is_operation");
        var kinds = ImageKind.asked(environment);
        var views = agents.agents();
        return images.images().stream()
                .filter(image -> kinds.contains(ImageKind.of(image)))
                .filter(image -> operation == null || operation == (ImageKind.of(image) == ImageKind.OPERATIONAL))
                .filter(image ->
                        installed == null || installed == !holders(image, views).isEmpty())
                .map(image -> ImageViews.image(image, holders(image, views)))
                .toList();
    }

    private static List<String> holders(Image image, Collection<AgentView> agents) {
        return agents.stream()
                .filter(agent -> agent.installedImages().contains(image.ref().canonical()))
                .map(agent -> agent.record().id().toString())
                .toList();
    }

    private static boolean isAsked(AgentView agent, DataFetchingEnvironment environment) {
        @Nullable String status = environment.getArgument("status");
        @Nullable String group = environment.getArgument("scaling_group");
        var record = agent.record();
        return (group == null || group.equals(record.resourceGroup()))
                && (status == null
                        || status.isBlank()
                        || Arrays.stream(status.toUpperCase(Locale.ROOT).split(",", -1))
                                .anyMatch(name ->
                                        name.strip().equals(record.status().name())));
    }

    /** One query per resource group on the page, not one per agent. */
    private Map<AgentId, List<Occupancy>> occupied(List<AgentView> page) {
        Set<String> groups =
                page.stream().map(agent -> agent.record().resourceGroup()).collect(Collectors.toSet());
        return groups.stream()
                .flatMap(group -> scheduling.occupancy(group).stream())
                .collect(Collectors.groupingBy(Occupancy::agent));
    }
}
