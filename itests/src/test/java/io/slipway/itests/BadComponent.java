package io.slipway.itests;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A component made of a class of {@link io.slipway.itests.bad}, for a version of a plug-in.
 *
 * @param types simple names of its class, first, and of others that it needs
 * @param id by which it registers
 * @param spi name of the interface
 * @param instead the shipped component whose place it takes, by simple name; empty if it is one more
 * @param attributes of the descriptor, such as a configuration PID
 * @param elements of the descriptor: properties and references
 */
record BadComponent(
        List<String> types, String id, String spi, String instead, String attributes, List<String> elements) {

    /** What stands in the place of the noop runtime. */
    static BadComponent noop(String type) {
        return new BadComponent(
                List.of(type, "DisturbedRuntime", "Deafness"),
                "noop",
                "io.slipway.runtime.spi.KernelRuntime",
                "NoopRuntime",
                "",
                List.of());
    }

    /** The same with properties. */
    BadComponent with(Map<String, String> properties) {
        var more = new ArrayList<>(elements);
        properties.forEach(
                (name, value) -> more.add("<property name=\"" + name + "\" type=\"String\" value=\"" + value + "\"/>"));
        return new BadComponent(types, id, spi, instead, attributes, more);
    }

    private String type() {
        return "io.slipway.itests.bad." + types.getFirst();
    }

    /** Returns where in the jar it is described. */
    String file() {
        return "OSGI-INF/" + types.getFirst() + ".xml";
    }

    /** Returns all descriptors of a jar with this one among them. */
    String among(String shipped) {
        return Arrays.stream((shipped + "," + file()).split(",", -1))
                .filter(name -> instead.isEmpty() || !name.endsWith("." + instead + ".xml"))
                .collect(Collectors.joining(","));
    }

    String descriptor() {
        try {
            var own = Class.forName(type());
            var stop = Arrays.stream(own.getMethods()).map(Method::getName).anyMatch("deactivate"::equals)
                    ? " deactivate=\"deactivate\""
                    : "";
            var parameters = own.getConstructors()[0].getParameterCount();
            return """
                    <?xml version="1.0" encoding="UTF-8"?>
                    <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.4.0" name="%s" init="%d"%s %s>
                      <property name="slipway.plugin.id" type="String" value="%s"/>
                      %s
                      <service><provide interface="%s"/></service>
                      <implementation class="%s"/>
                    </scr:component>
                    """.formatted(
                            types.getFirst(),
                            parameters,
                            stop,
                            attributes,
                            id,
                            String.join("\n", elements),
                            spi,
                            own.getName());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }
}
