package dz.flexy.gateway.browser;

import dz.flexy.gateway.GatewayUnderTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What the visitor writes down, tried on the contract's page. */
@BrowserTest
@TestInstance(Lifecycle.PER_CLASS)
class VisitorTest {

	private GatewayUnderTest gateway;

	@BeforeAll
	void start() {
		this.gateway = GatewayUnderTest.start();
	}

	@AfterAll
	void close() {
		this.gateway.close();
	}

	@Test
	void seesTheContractWithoutComplaint() {
		try (Visitor visitor = Visitor.atDesk(this.gateway.uri(), "fr-FR")) {
			visitor.open("/docs").getByText("/v3/internet/send").first().waitFor();

			assertThat(visitor.page().evaluate("navigator.language")).isEqualTo("fr-FR");
			assertThat(visitor.bytes()).isGreaterThan(100_000);
			assertThat(visitor.picture("docs")).isNotEmptyFile();
			visitor.assertNoComplaints();
		}
	}

	@Test
	void complainsOfWhatLeavesTheGateway() {
		try (Visitor visitor = Visitor.onPhone(this.gateway.uri(), "ar-DZ")) {
			visitor.open("/docs").evaluate("fetch('http://127.0.0.1:9/elsewhere').catch(() => 0)");

			assertThat(visitor.complaints()).anyMatch((one) -> one.contains("127.0.0.1:9"));
			assertThatExceptionOfType(AssertionError.class).isThrownBy(visitor::assertNoComplaints);
		}
	}

	@Test
	void findsAnInputWithoutALabel() {
		try (Visitor visitor = Visitor.atDesk(this.gateway.uri(), "en-GB")) {
			visitor.open("/docs").evaluate("document.body.append(document.createElement('input'))");

			assertThatExceptionOfType(AssertionError.class).isThrownBy(visitor::assertAccessible)
				.withMessageContaining("label");
		}
	}

}
