// SPDX-License-Identifier: Apache-2.0

package install

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// single is a file of one plugin.
type single struct {
	text          []byte
	name, version json.RawMessage // nil if not given
}

func parseSingle(text []byte) (*single, error) {
	s := &single{text: text}
	err := members(text, func(key string, d *json.Decoder) error {
		switch key {
		case "name":
			return d.Decode(&s.name)
		case "cniVersion":
			return d.Decode(&s.version)
		case "plugins":
			return errors.New(`has "plugins", but its name does not end in .conflist: runtimes refuse it`)
		}
		return d.Decode(new(json.RawMessage))
	})
	return s, err
}

// list is the text of a list with the plugin alone, whose own text stands in it as it is. libcni
// makes the same of it in memory (ConfListFromConf).
func (s *single) list() []byte {
	var b bytes.Buffer
	b.WriteString("{\n")
	for _, m := range []struct {
		key   string
		value json.RawMessage
	}{{"cniVersion", s.version}, {"name", s.name}} {
		if m.value != nil {
			fmt.Fprintf(&b, "  %q: %s,\n", m.key, m.value)
		}
	}
	fmt.Fprintf(&b, "  \"plugins\": [\n    %s\n  ]\n}\n", bytes.TrimSpace(s.text))
	return b.Bytes()
}
