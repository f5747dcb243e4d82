"use strict";

// The key stays in the page: nothing is kept, and no other host is asked.
window.ui = SwaggerUIBundle({
	url: "openapi.yaml",
	dom_id: "#docs",
	validatorUrl: null,
	persistAuthorization: false,
	docExpansion: "list",
});
