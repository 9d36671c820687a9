// SPDX-License-Identifier: Apache-2.0

package conf

// Sources of figures. WebPageTest gives a round trip, which is halved here for
// each direction.
const (
	webPageTest = "WebPageTest, www/settings/connectivity.ini.sample (round trip halved per direction)"
	typical     = "typical values, of no single measurement"
)

var profiles = [...]Profile{
	{"none", "no impairment; turns a network's default off", "none", "none", "by definition"},

	{"dial-up", "56k modem", "rate 30kbit delay 60ms", "rate 49kbit delay 60ms", webPageTest},
	{"2g", "2G", "rate 256kbit delay 400ms", "rate 280kbit delay 400ms", webPageTest},
	{"edge", "EDGE", "rate 200kbit delay 420ms", "rate 240kbit delay 420ms", webPageTest},
	{"3g-slow", "slow 3G", "rate 400kbit delay 200ms", "rate 400kbit delay 200ms", webPageTest},
	{"3g", "3G", "rate 768kbit delay 150ms", "rate 1600kbit delay 150ms", webPageTest},
	{"3g-fast", "fast 3G", "rate 768kbit delay 75ms", "rate 1600kbit delay 75ms", webPageTest},
	{"4g", "4G in the field", "rate 9mbit delay 85ms", "rate 9mbit delay 85ms", webPageTest},
	{"lte", "LTE", "rate 12mbit delay 35ms", "rate 12mbit delay 35ms", webPageTest},
	{"5g", "5G", "rate 50mbit delay 10ms 2ms", "rate 100mbit delay 10ms 2ms",
		"rates: ITU-R M.2410-0, section 4.3 (user experienced data rate, dense urban); delay: " + typical},

	{"dsl", "ADSL", "rate 384kbit delay 25ms", "rate 1500kbit delay 25ms", webPageTest},
	{"cable", "cable", "rate 1mbit delay 14ms", "rate 5mbit delay 14ms", webPageTest},
	{"fiber", "fibre to the home", "rate 5mbit delay 2ms", "rate 20mbit delay 2ms", webPageTest + ", FIOS"},

	{"wifi-lossy", "WiFi at the edge of its range", "rate 10mbit delay 5ms 4ms loss 2% burst 4", "rate 10mbit delay 5ms 4ms loss 2% burst 4", typical},

	{"satellite-geo", "geostationary satellite", "rate 3mbit delay 280ms", "rate 25mbit delay 280ms",
		"delay: RFC 2488, section 2 (up to 279 ms each way); rates: " + typical},
	{"satellite-leo", "low Earth orbit satellite", "rate 15mbit delay 25ms 5ms", "rate 150mbit delay 25ms 5ms",
		"delay: F. Michel et al., A First Look at Starlink Performance, IMC 2022 (median round trip of about 50 ms); rates and jitter: " + typical},

	{"transatlantic", "London to New York", "delay 38ms", "delay 38ms", typical + "; backbone agreements promise 90 ms of round trip at most"},
	{"intercontinental", "Europe to East Asia", "delay 100ms 2ms loss 0.1%", "delay 100ms 2ms loss 0.1%", typical},
}
