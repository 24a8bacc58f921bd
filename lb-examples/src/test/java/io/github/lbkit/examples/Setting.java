package io.github.lbkit.examples;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The settings of one class, read from the class itself: what they are, their defaults, and what they take. */
abstract class Setting {
    /** Their names. */
    abstract Set<String> names();

    /** The default, in the words of the reference. */
    abstract String byDefault(String name) throws ReflectiveOperationException;

    /** What the setting holds, a Duration for example. */
    abstract Class<?> type(String name);

    /** Sets it. */
    abstract void set(String name, Object value) throws ReflectiveOperationException;

    /** A builder: each public method that gives the builder back is a setting, kept in a field of its name. */
    static Setting ofBuilder(Supplier<Object> builders) {
        Class<?> type = builders.get().getClass();
        return new Setting() {
            @Override
            Set<String> names() {
                return methods().map(Method::getName).collect(Collectors.toCollection(TreeSet::new));
            }

            private java.util.stream.Stream<Method> methods() {
                return Arrays.stream(type.getDeclaredMethods())
                        .filter(m -> Modifier.isPublic(m.getModifiers()) && m.getReturnType() == type);
            }

            private Method method(String name) {
                return methods()
                        .filter(m -> m.getName().equals(name) && m.getParameterCount() == 1)
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("no setting of one value is called " + name));
            }

            @Override
            String byDefault(String name) throws ReflectiveOperationException {
                Object builder = builders.get();
                Field field = fieldOf(name.equals("loadFactor") ? "boundedLoad" : name);
                field.setAccessible(true);
                return words(field.get(builder));
            }

            private Field fieldOf(String name) throws NoSuchFieldException {
                return type.getDeclaredField(name);
            }

            @Override
            Class<?> type(String name) {
                return method(name).getParameterTypes()[0];
            }

            @Override
            void set(String name, Object value) throws ReflectiveOperationException {
                Object builder = builders.get();
                method(name).invoke(builder, value);
                for (Method build : type.getDeclaredMethods()) {
                    if (build.getName().equals("build") && build.getParameterCount() == 0) {
                        build.invoke(builder);
                    }
                }
            }
        };
    }

    /** A record with its defaults; each component is a setting. */
    static Setting ofRecord(Record defaults) {
        RecordComponent[] components = defaults.getClass().getRecordComponents();
        return new Setting() {
            @Override
            Set<String> names() {
                return Arrays.stream(components)
                        .map(RecordComponent::getName)
                        .collect(Collectors.toCollection(TreeSet::new));
            }

            @Override
            String byDefault(String name) throws ReflectiveOperationException {
                return words(component(name).getAccessor().invoke(defaults));
            }

            private RecordComponent component(String name) {
                return Arrays.stream(components)
                        .filter(c -> c.getName().equals(name))
                        .findFirst()
                        .orElseThrow();
            }

            @Override
            Class<?> type(String name) {
                return component(name).getType();
            }

            @Override
            void set(String name, Object value) throws ReflectiveOperationException {
                List<Object> values = new ArrayList<>();
                for (RecordComponent c : components) {
                    values.add(
                            c.getName().equals(name) ? value : c.getAccessor().invoke(defaults));
                }
                Class<?>[] types =
                        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
                defaults.getClass().getDeclaredConstructor(types).newInstance(values.toArray());
            }
        };
    }

    /** A class that takes its settings, all of one type, by its only constructor, in the order of the reference. */
    static Setting ofConstructor(Class<?> type, List<String> names, List<Object> valid) {
        Constructor<?> constructor = type.getConstructors()[0];
        return new Setting() {
            @Override
            Set<String> names() {
                return constructor.getParameterCount() == names.size() ? new TreeSet<>(names) : Set.of();
            }

            @Override
            String byDefault(String name) {
                return "must be given";
            }

            @Override
            Class<?> type(String name) {
                return constructor.getParameterTypes()[names.indexOf(name)];
            }

            @Override
            void set(String name, Object value) throws ReflectiveOperationException {
                List<Object> values = new ArrayList<>(valid);
                values.set(names.indexOf(name), value);
                constructor.newInstance(values.toArray());
            }
        };
    }

    /** Whether the class takes this value; a refusal must be an IllegalArgumentException. */
    final boolean takes(String name, Object value) throws ReflectiveOperationException {
        try {
            set(name, value);
            return true;
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException) {
                return false;
            }
            throw e;
        }
    }

    private static String words(@Nullable Object value) {
        if (value == null || value.equals(Optional.empty()) || value.equals(OptionalDouble.empty())) {
            return "none";
        } else if (value instanceof Boolean yes) {
            return yes ? "yes" : "no";
        } else if (value instanceof Duration time) {
            return words(time);
        } else if (value instanceof Number number) {
            boolean unlimited = number.longValue() == Long.MAX_VALUE || number.equals(Integer.MAX_VALUE);
            return unlimited ? "no limit" : number.toString();
        } else if (value instanceof Collection<?> many) {
            return many.isEmpty()
                    ? "none"
                    : many.stream().map(Object::toString).sorted().collect(Collectors.joining(", "));
        } else if (value instanceof Map<?, ?> map) {
            return map.isEmpty() ? "none" : map.toString();
        } else if (value instanceof String text) {
            return text.isEmpty() ? "nothing" : text;
        }
        return value.toString();
    }

    private static String words(Duration time) {
        long millis = time.toMillis();
        if (millis % 60_000 == 0) {
            return millis / 60_000 + " min";
        }
        return millis % 1_000 == 0 ? millis / 1_000 + " s" : millis + " ms";
    }
}
