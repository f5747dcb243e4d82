package dz.flexy.gateway.stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class LastEventIdTest {

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "", "  " })
	void withoutOneTheClientIsNew(String header) {
		assertThat(LastEventId.parse(header)).isEqualTo(new LastEventId.None());
	}

	@ParameterizedTest
	@CsvSource({ "0,0", "1,1", "' 12 ',12", "999999999999999999,999999999999999999" })
	void aNumberIsWhatTheClientHasSeen(String header, long number) {
		assertThat(LastEventId.parse(header)).isEqualTo(new LastEventId.Seen(number));
	}

	@ParameterizedTest
	@ValueSource(strings = { "x", "-1", "+1", "1.0", "1 2", "1000000000000000000", "99999999999999999999999", "١" })
	void anythingElseCannotBeHonoured(String header) {
		assertThat(LastEventId.parse(header)).isEqualTo(new LastEventId.Unusable());
	}

}
