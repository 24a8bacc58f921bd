package io.github.lbkit.examples;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Which room may know which: dependencies point one way. */
@AnalyzeClasses(packages = "io.github.lbkit", importOptions = ImportOption.DoNotIncludeTests.class)
class RoomsTest {
    private static final String API = "io.github.lbkit.api..";
    private static final String HASHING = "io.github.lbkit.hashing..";
    private static final String HTTP = "io.github.lbkit.http..";
    private static final String DOCKER = "io.github.lbkit.docker..";
    private static final String TESTKIT = "io.github.lbkit.testkit..";
    private static final String EXAMPLES = "io.github.lbkit.examples..";

    @ArchTest
    static final ArchRule api_knows_the_jdk_and_slf4j_alone = classes()
            .that()
            .resideInAPackage(API)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(API, "java..", "javax.naming..", "org.slf4j..", "org.jspecify..")
            .because("whoever takes the contracts takes no other library with them");

    @ArchTest
    static final ArchRule hashing_knows_the_contracts_and_its_hash_functions_alone = classes()
            .that()
            .resideInAPackage(HASHING)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    HASHING,
                    API,
                    "java..",
                    "org.jspecify..",
                    "org.slf4j..",
                    "com.google.common..",
                    "com.dynatrace.hash4j.hashing..")
            .because("a router is a pure function of members and key, and warns when it is too small for them");

    @ArchTest
    static final ArchRule http_knows_the_contracts_alone = noClasses()
            .that()
            .resideInAPackage(HTTP)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(HASHING, TESTKIT, EXAMPLES, "io.github.lbkit.docker..", "com.github.dockerjava..")
            .because("a proxy works with any pool and any policy");

    @ArchTest
    static final ArchRule docker_knows_the_contracts_alone = noClasses()
            .that()
            .resideInAPackage(DOCKER)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(HASHING, HTTP, TESTKIT, EXAMPLES)
            .because("containers serve any protocol, chosen by any policy");

    @ArchTest
    static final ArchRule engine_stays_in_its_room = noClasses()
            .that()
            .resideOutsideOfPackage(DOCKER)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.github.lbkit.docker.internal..")
            .because("how an engine is talked to is the pools' own business");

    @ArchTest
    static final ArchRule micrometer_knows_the_contracts_alone = classes()
            .that()
            .resideInAPackage("io.github.lbkit.micrometer..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("io.github.lbkit.micrometer..", API, "java..", "org.jspecify..", "io.micrometer.core..")
            .because("metrics tell of any balancer, whatever is in front of it or behind it");

    @ArchTest
    static final ArchRule testkit_knows_the_contracts_alone = noClasses()
            .that()
            .resideInAPackage(TESTKIT)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(HASHING, HTTP, EXAMPLES)
            .because("hashing and http use it in their tests");

    @ArchTest
    static final ArchRule docker_java_stays_in_its_room = noClasses()
            .that()
            .resideOutsideOfPackage("io.github.lbkit.docker.internal..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.github.dockerjava..")
            .because("no type of an engine's client is part of a contract");

    @ArchTest
    static final ArchRule http_client_stays_in_its_room = noClasses()
            .that()
            .resideOutsideOfPackage(HTTP)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.hc..")
            .because("the data path is our own, and only lb-http probes by HTTP");

    @ArchTest
    static final ArchRule wire_is_bytes_alone = noClasses()
            .that()
            .resideInAPackage("io.github.lbkit.http.internal.wire..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.github.lbkit.http.internal.loop..",
                    "io.github.lbkit.http.internal.transport..",
                    "io.github.lbkit.http.internal.upstream..",
                    "io.github.lbkit.http.internal.exchange..",
                    "io.github.lbkit.http.internal.h1..",
                    "io.github.lbkit.http.internal.admission..",
                    "io.github.lbkit.http.internal.proxy..",
                    "io.github.lbkit.http.internal.local..",
                    "java.nio.channels..",
                    API)
            .because("a message means the same wherever its bytes come from");

    @ArchTest
    static final ArchRule loops_know_no_exchange = noClasses()
            .that()
            .resideInAPackage("io.github.lbkit.http.internal.loop..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.github.lbkit.http.internal.upstream..",
                    "io.github.lbkit.http.internal.exchange..",
                    "io.github.lbkit.http.internal.h1..",
                    "io.github.lbkit.http.internal.admission..",
                    "io.github.lbkit.http.internal.proxy..",
                    "io.github.lbkit.http.internal.local..",
                    "io.github.lbkit.api",
                    "io.github.lbkit.api.health..",
                    "io.github.lbkit.api.policy..",
                    "io.github.lbkit.api.pool..")
            .because("a loop moves bytes and time; other packages know what they mean");

    @ArchTest
    static final ArchRule upstream_knows_no_exchange = noClasses()
            .that()
            .resideInAPackage("io.github.lbkit.http.internal.upstream..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.github.lbkit.http.internal.exchange..", "io.github.lbkit.http.internal.h1..")
            .because("connections to servers do not know whose requests they carry");

    @ArchTest
    static final ArchRule exchanges_know_no_client_protocol = noClasses()
            .that()
            .resideInAPackage("io.github.lbkit.http.internal.exchange..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.github.lbkit.http.internal.h1..", "io.github.lbkit.http.internal.admission..")
            .because("an exchange emits heads and data to a client stream, whatever protocol carries them");

    @ArchTest
    static final ArchRule charts_know_the_jdk_alone = classes()
            .that()
            .resideInAPackage("io.github.lbkit.examples.chart..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("io.github.lbkit.examples.chart..", "java..", "javax.imageio..", "org.jspecify..")
            .because("a chart shows numbers, wherever they come from");

    @ArchTest
    static final ArchRule client_knows_no_proxy = noClasses()
            .that()
            .resideInAPackage("io.github.lbkit.http.internal.client..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.github.lbkit.http.internal.wire..",
                    "io.github.lbkit.http.internal.loop..",
                    "io.github.lbkit.http.internal.exchange..",
                    "io.github.lbkit.http.internal.h1..",
                    "io.github.lbkit.http.internal.admission..",
                    "io.github.lbkit.http.internal.proxy..",
                    "io.github.lbkit.http.internal.local..")
            .because("client-side balancing is HttpClient's data path, not the proxy's");

    @ArchTest
    static final ArchRule internals_stay_in_their_module = noClasses()
            .that()
            .resideOutsideOfPackages(API, "io.github.lbkit.http.internal..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.github.lbkit.api.internal..")
            .because("what is internal may change at any time; lb-http, to which it is exported, changes with it");

    @ArchTest
    static final ArchRule time_comes_from_a_scheduler = noClasses()
            .that()
            .resideInAPackage(API)
            .and()
            .doNotHaveFullyQualifiedName("io.github.lbkit.api.internal.SystemScheduler")
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(java.time.Instant.class, "now")
            .because("a test holds the clock");

    @ArchTest
    static final ArchRule names_come_from_a_resolver = noClasses()
            .that()
            .resideOutsideOfPackage("io.github.lbkit.api.internal.names..")
            .should()
            .callMethodWhere(target(owner(assignableTo(InetAddress.class)))
                    .and(target(nameMatching("getByName|getAllByName|getLocalHost|getHostName|getCanonicalHostName"))))
            .orShould()
            .callMethodWhere(
                    target(owner(assignableTo(InetSocketAddress.class))).and(target(nameMatching("getHostName"))))
            .orShould()
            .callConstructor(InetSocketAddress.class, String.class, int.class)
            .orShould()
            .callConstructor(Socket.class, String.class, int.class)
            .because("a look-up may block for as long as it likes: only a name resolver's own threads may wait for it");
}
