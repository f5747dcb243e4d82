package dz.flexy.gateway.passthrough;

import dz.flexy.gateway.callers.Scope;

import org.springframework.http.HttpMethod;

/** What is passed on, contract rows 4 and 21 to 29; nothing else is. */
enum Endpoint {

	/** The account's ledger, contract section 3.2. */
	TRANSACTIONS("account.transactions", "GET", "/v3/account/transactions", Scope.ACCOUNT_READ, Kind.LEDGER),
	/** Contract section 6.6. */
	CREATE_LINK("ocpay.createLink", "POST", "/v3/ocpay/createLink", Scope.OCPAY, Kind.PAYMENT),
	/** Contract section 6.7. */
	CHECK_PAYMENT("ocpay.checkPayment", "GET", "/v3/ocpay/checkPayment/{ref}", Scope.OCPAY, Kind.JSON),
	/** Contract section 7, as all that follow. */
	PARTNERS("bills.partners", "GET", "/v3/bills/partners", Scope.BILLS, Kind.JSON),
	/** Asks a partner what is due; moves no money. */
	DISCOVER("bills.discover", "POST", "/v3/bills/discover", Scope.BILLS, Kind.JSON),
	/** Pays. */
	PAY("bills.pay", "POST", "/v3/bills/pay", Scope.BILLS, Kind.PAYMENT),
	/** A list. */
	BILLS("bills.transactions", "GET", "/v3/bills/transactions", Scope.BILLS, Kind.JSON),
	/** Before the path with an id, which would match it. */
	BILL_BY_REF("bills.by-ref", "GET", "/v3/bills/transactions/by-ref", Scope.BILLS, Kind.JSON),
	/** One. */
	BILL("bills.transaction", "GET", "/v3/bills/transactions/{transactionId}", Scope.BILLS, Kind.JSON),
	/** A file. */
	RECEIPT("bills.receipt", "GET", "/v3/bills/transactions/{transactionId}/receipt", Scope.BILLS, Kind.FILE),
	/** A file, of one partner only. */
	AVIS("bills.avis", "GET", "/v3/bills/transactions/{transactionId}/avis", Scope.BILLS, Kind.FILE);

	/** How it is passed on. */
	enum Kind {

		/** An envelope comes back, and nothing else does. */
		JSON,
		/** An envelope in which ids are translated. */
		LEDGER,
		/** A file comes back, or an envelope. */
		FILE,
		/** Money moves. */
		PAYMENT

	}

	private final String label;

	private final String method;

	private final String pattern;

	private final Scope scope;

	private final Kind kind;

	Endpoint(String label, String method, String pattern, Scope scope, Kind kind) {
		this.label = label;
		this.method = method;
		this.pattern = pattern;
		this.scope = scope;
		this.kind = kind;
	}

	/** For logs, meters and rows. */
	String label() {
		return this.label;
	}

	HttpMethod method() {
		return HttpMethod.valueOf(this.method);
	}

	/** The path with its variables in braces. */
	String pattern() {
		return this.pattern;
	}

	Scope scope() {
		return this.scope;
	}

	Kind kind() {
		return this.kind;
	}

}
