package dz.flexy.gateway;

/** The upstream's endpoints, numbered as its documentation's index numbers them. */
enum Endpoint {

	PING(1, "GET", "/v3/ping"),

	VALIDATE(2, "GET", "/v3/validate"),

	BALANCE(3, "GET", "/v3/account/balance"),

	TRANSACTIONS(4, "GET", "/v3/account/transactions"),

	PRODUCTS(5, "GET", "/v3/internet/products"),

	CHECK_NUMBER(6, "GET", "/v3/internet/check-number"),

	INTERNET_SEND(7, "POST", "/v3/internet/send"),

	INTERNET_BY_ID(8, "GET", "/v3/internet/check-id/{id}"),

	INTERNET_BY_REF(9, "GET", "/v3/internet/check-ref/{ref}"),

	INTERNET_LIST(10, "GET", "/v3/internet/list"),

	PLANS(11, "GET", "/v3/mobile/plans"),

	MOBILE_SEND(12, "POST", "/v3/mobile/send"),

	MOBILE_BY_ID(13, "GET", "/v3/mobile/check-id/{id}"),

	MOBILE_BY_REF(14, "GET", "/v3/mobile/check-ref/{ref}"),

	MOBILE_LIST(15, "GET", "/v3/mobile/list"),

	GIFT_CATALOG(16, "GET", "/v3/gift-cards/catalog"),

	GIFT_PRODUCT(17, "GET", "/v3/gift-cards/checkProduct/{id}"),

	PLACE_ORDER(18, "POST", "/v3/gift-cards/placeOrder"),

	CHECK_ORDER(19, "GET", "/v3/gift-cards/checkOrder/{id}"),

	GIFT_LIST(20, "GET", "/v3/gift-cards/list"),

	CREATE_LINK(21, "POST", "/v3/ocpay/createLink"),

	CHECK_PAYMENT(22, "GET", "/v3/ocpay/checkPayment/{ref}"),

	PARTNERS(23, "GET", "/v3/bills/partners"),

	DISCOVER(24, "POST", "/v3/bills/discover"),

	PAY(25, "POST", "/v3/bills/pay"),

	BILL_LIST(26, "GET", "/v3/bills/transactions"),

	BILL_BY_REF(27, "GET", "/v3/bills/transactions/by-ref"),

	BILL_BY_ID(28, "GET", "/v3/bills/transactions/{id}"),

	RECEIPT(29, "GET", "/v3/bills/transactions/{id}/receipt"),

	NOTICE(29, "GET", "/v3/bills/transactions/{id}/avis");

	private final int number;

	private final String method;

	private final String path;

	Endpoint(int number, String method, String path) {
		this.number = number;
		this.method = method;
		this.path = path;
	}

	int number() {
		return this.number;
	}

	String method() {
		return this.method;
	}

	String path() {
		return this.path;
	}

	@Override
	public String toString() {
		return this.method + " " + this.path;
	}

}
