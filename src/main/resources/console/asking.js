// Questions to the gateway. Answers come in its envelope.

const PATIENCE_MILLIS = 15000;

/** What the gateway said no with; `status` is 0 if it could not be reached. */
export class Refusal extends Error {

	constructor(status, code, message, retryAfter) {
		super(message);
		this.status = status;
		this.code = code;
		this.retryAfter = retryAfter;
	}

}

/** The `data` of an answer, null if it has no body; throws a Refusal. */
export async function ask(path, { method = "GET", key, body, headers = {} } = {}) {
	let response;
	let answer;
	// Safari before 16 has no AbortSignal.timeout.
	const patience = new AbortController();
	const timer = setTimeout(() => patience.abort(), PATIENCE_MILLIS);
	try {
		response = await fetch(path, {
			method,
			cache: "no-store",
			signal: patience.signal,
			headers: {
				...headers,
				...(key ? { "X-Access-Token": key } : {}),
				...(body ? { "Content-Type": "application/json" } : {}),
			},
			body: body && JSON.stringify(body),
		});
		if (response.status === 204) {
			return null;
		}
		answer = await response.json();
	} catch {
		throw new Refusal(response?.ok ? 0 : response?.status ?? 0, "", "", 0);
	} finally {
		clearTimeout(timer);
	}
	if (!response.ok || answer.success === false) {
		const { code = "", message = "" } = answer.error ?? {};
		throw new Refusal(response.status, code, message, Number(response.headers.get("Retry-After") ?? 0));
	}
	return answer.data;
}
