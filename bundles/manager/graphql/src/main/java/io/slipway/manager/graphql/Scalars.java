package io.slipway.manager.graphql;

import graphql.GraphQLContext;
import graphql.execution.CoercedVariables;
import graphql.language.IntValue;
import graphql.language.StringValue;
import graphql.language.Value;
import graphql.schema.Coercing;
import graphql.schema.CoercingParseLiteralException;
import graphql.schema.CoercingParseValueException;
import graphql.schema.GraphQLScalarType;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;

/** The scalars of the wire protocol that GraphQL itself does not have. */
final class Scalars {

    private static final DateTimeFormatter WITH_OFFSET = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSSSSSxxx", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private Scalars() {}

    static List<GraphQLScalarType> all() {
        return List.of(
                scalar("JSONString", Object::toString, text -> text),
                scalar("DateTime", Scalars::dateTime, Instant::parse),
                scalar("UUID", Object::toString, UUID::fromString),
                scalar("BigInt", value -> value, BigInteger::new));
    }

    private static Object dateTime(Object value) {
        return value instanceof Instant instant ? WITH_OFFSET.format(instant) : value.toString();
    }

    private static GraphQLScalarType scalar(
            String name, Function<Object, Object> toWire, Function<String, Object> fromText) {
        return GraphQLScalarType.newScalar()
                .name(name)
                .coercing(new TextCoercing(name, toWire, fromText))
                .build();
    }

    private record TextCoercing(String name, Function<Object, Object> toWire, Function<String, Object> fromText)
            implements Coercing<Object, Object> {

        @Override
        public Object serialize(Object result, GraphQLContext context, Locale locale) {
            return toWire.apply(result);
        }

        @Override
        public Object parseValue(Object input, GraphQLContext context, Locale locale) {
            try {
                return fromText.apply(input.toString());
            } catch (DateTimeException | IllegalArgumentException e) {
                throw new CoercingParseValueException("'" + input + "' is not of type " + name, e);
            }
        }

        @Override
        public Object parseLiteral(Value<?> input, CoercedVariables variables, GraphQLContext context, Locale locale) {
            return switch (input) {
                case StringValue text -> literal(Objects.requireNonNull(text.getValue()));
                case IntValue number -> literal(number.getValue().toString());
                default -> throw new CoercingParseLiteralException("a text is expected for type " + name);
            };
        }

        private Object literal(String text) {
            try {
                return fromText.apply(text);
            } catch (DateTimeException | IllegalArgumentException e) {
                throw new CoercingParseLiteralException("'" + text + "' is not of type " + name, e);
            }
        }
    }
}
