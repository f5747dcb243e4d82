package dz.flexy.gateway.orders;

import java.util.Optional;

import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.problem.RequestId;

/**
 * What an operator does, as it is written down with the change that it makes.
 *
 * @param name for example {@code adopt}
 * @param who whose key it is done with
 * @param request that asks for it
 * @param reason in his words
 * @param arguments JSON, if it takes any
 */
public record Move(String name, CallerId who, RequestId request, String reason, Optional<String> arguments) {
}
