package dz.flexy.gateway.upstream;

import org.jspecify.annotations.Nullable;

/**
 * What the operator knows of a number (contract section 4.2).
 *
 * @param ncli masked client number, if told
 * @param offre the line's offer, if told
 * @param type as the upstream says it: {@code ADSL} or {@code 4GLTE}
 */
public record NumberCheck(@Nullable String ncli, @Nullable String offre, @Nullable String type) {
}
