package io.slipway.plugin.lifecycle;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/** Tells in words what the components of a bundle lack, and what those that run find wrong with themselves. */
final class ComponentReasons {

    private final ServiceComponentRuntime runtime;
    private final Function<Bundle, String> faults;

    ComponentReasons(ServiceComponentRuntime runtime) {
        this(runtime, any -> "");
    }

    /**
     * Creates one.
     *
     * @param faults tells what the providers of a bundle that serves say of themselves; empty if nothing is wrong
     */
    ComponentReasons(ServiceComponentRuntime runtime, Function<Bundle, String> faults) {
        this.runtime = runtime;
        this.faults = faults;
    }

    /**
     * Why a bundle's components do not run.
     *
     * @param words one line; empty if all that are there run
     * @param isFailure whether one of them failed, rather than waits
     */
    record Reason(String words, boolean isFailure) {}

    Reason of(Bundle bundle) {
        var lacks = runtime.getComponentDescriptionDTOs(bundle).stream()
                .flatMap(this::lacks)
                .toList();
        return new Reason(
                Stream.concat(lacks.stream().map(Reason::words), Stream.of(faults.apply(bundle)))
                        .filter(words -> !words.isEmpty())
                        .collect(Collectors.joining("; ")),
                lacks.stream().anyMatch(Reason::isFailure));
    }

    private Stream<Reason> lacks(ComponentDescriptionDTO component) {
        if (!runtime.isComponentEnabled(component)) {
            return Stream.empty();
        }
        var configurations = runtime.getComponentConfigurationDTOs(component);
        return configurations.isEmpty()
                ? Stream.of(noConfiguration(component))
                : configurations.stream().flatMap(configuration -> lacks(component, configuration));
    }

    private static Stream<Reason> lacks(ComponentDescriptionDTO component, ComponentConfigurationDTO configuration) {
        return switch (configuration.state) {
            case ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION -> Stream.of(noConfiguration(component));
            case ComponentConfigurationDTO.UNSATISFIED_REFERENCE -> Stream.of(noService(component, configuration));
            case ComponentConfigurationDTO.FAILED_ACTIVATION ->
                Stream.of(new Reason(
                        shortName(component) + " fails to start: " + FailureWords.ofStackTrace(configuration.failure),
                        true));
            default -> Stream.empty(); // satisfied or active; the states are ints of the component runtime
        };
    }

    private static Reason noConfiguration(ComponentDescriptionDTO component) {
        return new Reason(
                shortName(component) + " waits for its configuration "
                        + String.join(", ", List.of(component.configurationPid)),
                false);
    }

    private static Reason noService(ComponentDescriptionDTO component, ComponentConfigurationDTO configuration) {
        var missing = Arrays.stream(configuration.unsatisfiedReferences)
                .map(reference -> service(component, reference))
                .collect(Collectors.joining(", "));
        return new Reason(shortName(component) + " waits for a service " + missing, false);
    }

    private static String service(ComponentDescriptionDTO component, UnsatisfiedReferenceDTO unsatisfied) {
        var type = Arrays.stream(component.references)
                .filter(reference -> reference.name.equals(unsatisfied.name))
                .map(reference -> reference.interfaceName)
                .findFirst()
                .orElse(unsatisfied.name);
        return unsatisfied.target == null ? type : type + " with " + unsatisfied.target;
    }

    private static String shortName(ComponentDescriptionDTO component) {
        return component.name.substring(component.name.lastIndexOf('.') + 1);
    }
}
