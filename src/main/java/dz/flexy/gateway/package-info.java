/**
 * The application class and nothing that a module could import.
 */
@NullMarked
package dz.flexy.gateway;

import org.jspecify.annotations.NullMarked;
