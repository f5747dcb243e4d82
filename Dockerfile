# The image of one replica: mvn package && docker build -t flexy-gateway .
# It takes the jar that the tests passed on instead of making another one.
#
# Bases are pinned by their whole version. A registry's tag may still move: a release pins the digest too, which
# `docker buildx imagetools inspect eclipse-temurin:25.0.3_9-jre-noble` tells, as ...-noble@sha256:<digest> in both lines.
# Both stages need the same one, because the cache made below is of one build of the virtual machine only.
FROM eclipse-temurin:25.0.3_9-jre-noble AS layers
WORKDIR /layers
COPY target/flexy-gateway.jar ./
# Apart, so that an update moves one megabyte of ours and not fifty of libraries.
RUN java -Djarmode=tools -jar flexy-gateway.jar extract --layers --destination extracted

FROM eclipse-temurin:25.0.3_9-jre-noble
WORKDIR /app
COPY --from=layers /layers/extracted/dependencies/ ./
COPY --from=layers /layers/extracted/spring-boot-loader/ ./
COPY --from=layers /layers/extracted/snapshot-dependencies/ ./
COPY src/image/jvm.options ./
COPY --from=layers /layers/extracted/application/ ./
# One start and stop, with no database, no upstream and no migration. What it read of classes is kept beside the jar, and
# halves each start. The settings are not secrets and stay in this line.
RUN GATEWAY_UPSTREAM_ACCOUNTS_MAIN_APIKEY=none \
    GATEWAY_CALLERS_NOBODY_KEYS_0=sha256:0000000000000000000000000000000000000000000000000000000000000000 \
    GATEWAY_ORDERS_CARDKEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
    SPRING_R2DBC_URL=r2dbc:postgresql://none/none \
    SPRING_R2DBC_USERNAME=none \
    SPRING_R2DBC_PASSWORD=none \
    SPRING_FLYWAY_ENABLED=false \
    java @jvm.options -Xlog:aot=error -XX:AOTCacheOutput=app.aot -jar flexy-gateway.jar > /tmp/start.log & \
    until grep -q 'Started FlexyGateway' /tmp/start.log; do kill -0 $! || exit 1; sleep 1; done; \
    kill $!; wait $!; rm /tmp/start.log; test -s app.aot
# By number, so that Kubernetes can see that it is not root. It owns nothing here and writes to /tmp only.
USER 10001:10001
EXPOSE 8080 8081
# Without a shell in between, a stop reaches the gateway. A cache that does not fit is left aside, and only costs time.
ENTRYPOINT ["java", "@jvm.options", "-XX:AOTCache=app.aot", "-jar", "flexy-gateway.jar"]
