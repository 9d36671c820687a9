// SPDX-License-Identifier: Apache-2.0

package delegate

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/containernetworking/cni/pkg/types/create"
	"github.com/containernetworking/cni/pkg/version"
)

// Newest is the version of results that have everything.
const Newest = "1.1.0"

// Empty is a result that has nothing, in a version ("" is 0.1.0).
func Empty(asked string) []byte {
	if asked == "" {
		asked = legacyVersion
	}
	return fmt.Appendf(nil, `{"cniVersion":%q,"dns":{}}`, asked)
}

// Convert returns a result in the version asked for, byte for byte where it is
// of that one already. A result that does not say its version is of the one
// that its plugin was told, unless its keys are those of 0.2.0: plugins of that
// time do not look at cniVersion.
func Convert(result []byte, told, asked string) ([]byte, error) {
	var keys struct {
		Version  string `json:"cniVersion"`
		IP4, IP6 json.RawMessage
		IPs      []json.RawMessage
	}
	if err := json.Unmarshal(result, &keys); err != nil {
		return nil, fmt.Errorf("result: %w", err)
	}
	from := keys.Version
	if from == "" {
		from = told
		if (keys.IP4 != nil || keys.IP6 != nil) && !isOld(told) {
			from = "0.2.0"
		}
	}
	if from == asked || isOld(from) && isOld(asked) {
		return result, nil
	}
	if isOld(asked) && len(keys.IPs) == 0 { // which package types refuses
		return withDNS(result, asked)
	}
	r, err := create.Create(from, stamp(result, keys.Version, from))
	if err != nil {
		return nil, fmt.Errorf("result: %w", err)
	}
	converted, err := r.GetAsVersion(asked)
	if err != nil {
		return nil, fmt.Errorf("result: %w", err)
	}
	var out bytes.Buffer
	if err := converted.PrintTo(&out); err != nil {
		return nil, fmt.Errorf("result: %w", err)
	}
	return out.Bytes(), nil
}

// isOld tells whether results have ip4 and ip6; the two versions are the same.
func isOld(v string) bool {
	newer, err := version.GreaterThanOrEqualTo(v, "0.3.0")
	return err == nil && !newer
}

// stamp writes the version into a result that has none.
func stamp(result []byte, has, v string) []byte {
	if has != "" {
		return result
	}
	rest := bytes.TrimSpace(bytes.TrimSpace(result)[1:])
	comma := ","
	if rest[0] == '}' {
		comma = ""
	}
	return append(fmt.Appendf(nil, `{"cniVersion":%q%s`, v, comma), rest...)
}

// withDNS is a result of an old version that has no address.
func withDNS(result []byte, asked string) ([]byte, error) {
	var keys struct {
		DNS json.RawMessage `json:"dns,omitempty"`
	}
	if err := json.Unmarshal(result, &keys); err != nil || keys.DNS == nil {
		return Empty(asked), err
	}
	return fmt.Appendf(nil, `{"cniVersion":%q,"dns":%s}`, asked, keys.DNS), nil
}
