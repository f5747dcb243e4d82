package dz.flexy.gateway.reconciliation;

import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Orders, payments, statements and accounts, as operators see and move them. */
@Component
class OperatorRoutes implements OperatorRouting {

	private final OperatorOrderHandler orders;

	private final OperatorPaymentHandler payments;

	private final OperatorAccountHandler accounts;

	private final StatementHandler statements;

	OperatorRoutes(OperatorOrderHandler orders, OperatorPaymentHandler payments, OperatorAccountHandler accounts,
			StatementHandler statements) {
		this.orders = orders;
		this.payments = payments;
		this.accounts = accounts;
		this.statements = statements;
	}

	@Override
	public RouterFunction<ServerResponse> routes() {
		return RouterFunctions.route()
			.GET("/operator/orders", this.orders::list)
			.GET("/operator/orders/{id}", this.orders::one)
			.POST("/operator/orders/{id}/look-again", this.orders::lookAgain)
			.POST("/operator/orders/{id}/adopt", this.orders::adopt)
			.POST("/operator/orders/{id}/mark-not-created", this.orders::markNotCreated)
			.POST("/operator/orders/{id}/allow-send", this.orders::allowSend)
			.GET("/operator/payments", this.payments::list)
			.GET("/operator/payments/{id}", this.payments::one)
			.POST("/operator/payments/{id}/mark-paid", this.payments::markPaid)
			.POST("/operator/payments/{id}/mark-not-paid", this.payments::markNotPaid)
			.GET("/operator/accounts", this.accounts::list)
			.POST("/operator/accounts/{account}/stop-sends", this.accounts::stopSends)
			.POST("/operator/accounts/{account}/resume-sends", this.accounts::resumeSends)
			.GET("/operator/statements", this.statements::statement)
			.build();
	}

}
