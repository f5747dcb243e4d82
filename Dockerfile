# The image of one replica: mvn package && docker build -t flexy-gateway .
# It takes the jar that the tests passed on instead of making another one.
#
# Bases are pinned by their whole version. A registry's tag may still move: a release pins the digest too, which
# `docker buildx imagetools inspect eclipse-temurin:25.0.3_9-jre-noble` tells, as ...-noble@sha256:<digest> in both lines.
# Both stages of it need the same one, because the cache made below is of one build of the virtual machine only.
FROM eclipse-temurin:25.0.3_9-jre-noble AS layers
WORKDIR /layers
COPY target/flexy-gateway.jar ./
# Apart, so that an update moves one megabyte of ours and not fifty of libraries.
RUN java -Djarmode=tools -jar flexy-gateway.jar extract --layers --destination extracted

FROM eclipse-temurin:25.0.3_9-jre-noble AS app
WORKDIR /app
COPY --from=layers /layers/extracted/dependencies/ ./
COPY --from=layers /layers/extracted/spring-boot-loader/ ./
COPY --from=layers /layers/extracted/snapshot-dependencies/ ./
COPY src/image/jvm.options ./
COPY --from=layers /layers/extracted/application/ ./

# One start and stop, on a database that ends with this stage. What it read of classes is kept beside the jar, and halves
# each start; what speaks to the database is a good part of them.
FROM postgres:18.1-bookworm AS trained
COPY --from=app /opt/java/openjdk/ /opt/java/openjdk/
WORKDIR /app
COPY --from=app /app/ ./
COPY src/image/train /
RUN /train

FROM app
COPY --from=trained /app/app.aot ./
# By number, so that Kubernetes can see that it is not root. It owns nothing here and writes to /tmp only.
USER 10001:10001
EXPOSE 8080 8081
# Without a shell in between, a stop reaches the gateway. A cache that does not fit is left aside, and only costs time.
ENTRYPOINT ["java", "@jvm.options", "-XX:AOTCache=app.aot", "-jar", "flexy-gateway.jar"]
