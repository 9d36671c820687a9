// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"errors"
	"strings"

	"sigs.k8s.io/yaml"
)

// fromYAML turns YAML into JSON. It refuses a second document, over which the
// library passes without a word.
func fromYAML(data []byte) ([]byte, error) {
	content, ended := false, false
	for line := range strings.Lines(string(data)) {
		marker, rest, _ := strings.Cut(strings.TrimRight(line, "\r\n"), " ")
		if marker == "---" || marker == "..." {
			line, ended = rest, ended || content
		}
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		if content = true; ended {
			return nil, errDocuments
		}
	}
	return yaml.YAMLToJSONStrict(data)
}

var errDocuments = errors.New("there are several documents: want one")
