// Questions to the gateway. Answers come in its envelope.

/** What the gateway said no with; `status` is 0 if it could not be reached. */
export class Refusal extends Error {

	constructor(status, code, message, retryAfter) {
		super(message);
		this.status = status;
		this.code = code;
		this.retryAfter = retryAfter;
	}

}

/** The `data` of an answer; throws a Refusal. */
export async function ask(path, { method = "GET", key, body, headers = {} } = {}) {
	let response;
	let answer;
	try {
		response = await fetch(path, {
			method,
			cache: "no-store",
			headers: {
				...headers,
				...(key ? { "X-Access-Token": key } : {}),
				...(body ? { "Content-Type": "application/json" } : {}),
			},
			body: body && JSON.stringify(body),
		});
		answer = await response.json();
	} catch {
		throw new Refusal(response?.status ?? 0, "", "", 0);
	}
	if (!response.ok || answer.success === false) {
		const { code = "", message = "" } = answer.error ?? {};
		throw new Refusal(response.status, code, message, Number(response.headers.get("Retry-After") ?? 0));
	}
	return answer.data;
}
