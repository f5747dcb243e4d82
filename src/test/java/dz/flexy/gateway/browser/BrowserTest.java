package dz.flexy.gateway.browser;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A class of tests that use a {@link Visitor}. They run with the long ones, one class at
 * a time since a browser's objects are not thread-safe, and are skipped where no Chromium
 * is installed.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("proof")
@ResourceLock("browser")
@ExtendWith(ChromiumIsInstalled.class)
public @interface BrowserTest {

}
