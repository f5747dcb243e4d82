package dz.flexy.gateway.observability;

import dz.flexy.gateway.problem.RequestId;
import dz.flexy.gateway.problem.RequestNotes;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;

import org.springframework.http.server.reactive.observation.DefaultServerRequestObservationConvention;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.stereotype.Component;

/**
 * Who asked, and under which id, in place of the path: references and ids stand in that.
 */
@Component
class RequestSpans extends DefaultServerRequestObservationConvention {

	@Override
	public KeyValues getHighCardinalityKeyValues(ServerRequestObservationContext context) {
		Object id = context.getAttributes().get(RequestId.class.getName());
		Object notes = context.getAttributes().get(RequestNotes.class.getName());
		return KeyValues.of(KeyValue.of("request.id", (id != null) ? id.toString() : "-"),
				KeyValue.of("caller", (notes instanceof RequestNotes known) ? known.caller() : "-"));
	}

}
