package dz.flexy.gateway.simulator;

/**
 * What a fault makes of an answer. For a fault before the commit the served answer is a
 * blank one.
 */
@FunctionalInterface
interface Effect {

	Answer on(Answer served, Scene scene);

}
