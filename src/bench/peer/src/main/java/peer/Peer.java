package peer;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
public class Peer {

	public static void main(String[] arguments) {
		SpringApplication.run(Peer.class, arguments);
	}

}
