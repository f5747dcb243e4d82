package dz.flexy.gateway.upstream;

/**
 * An answer and what it means.
 *
 * @param <T> what a good answer carries
 * @param answer its head; its body too, unless that is still to come
 * @param outcome what it means
 */
record Heard<T>(Answer answer, Outcome<T> outcome) {
}
