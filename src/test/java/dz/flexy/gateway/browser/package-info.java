/**
 * A real browser that looks at the pages.
 */
@NullMarked
package dz.flexy.gateway.browser;

import org.jspecify.annotations.NullMarked;
