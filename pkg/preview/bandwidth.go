// SPDX-License-Identifier: Apache-2.0

package preview

import (
	"fmt"
	"math/big"
	"strings"
)

// quantitySuffixes are those of a Kubernetes quantity (apimachinery,
// pkg/api/resource) that a rate may have.
var quantitySuffixes = []struct {
	suffix string
	factor int64
}{
	{"Ki", 1 << 10}, {"Mi", 1 << 20}, {"Gi", 1 << 30}, {"Ti", 1 << 40},
	{"k", 1e3}, {"M", 1e6}, {"G", 1e9}, {"T", 1e12}, {"P", 1e15},
}

// bandwidthAnnotation is Kubernetes' own for a direction's limit.
func bandwidthAnnotation(direction string) string { return "kubernetes.io/" + direction + "-bandwidth" }

// bandwidth is what a runtime makes of a pod's bandwidth annotations.
func bandwidth(annotations map[string]string) (map[string]any, error) {
	limits := map[string]any{}
	for _, direction := range []string{"ingress", "egress"} {
		key := bandwidthAnnotation(direction)
		text, ok := annotations[key]
		if !ok {
			continue
		}
		bits, err := quantity(text)
		if err != nil {
			return nil, fmt.Errorf("annotation %s: %w", key, err)
		}
		limits[direction+"Rate"] = bits
	}
	return limits, nil
}

func quantity(s string) (int64, error) {
	number, factor := strings.TrimSpace(s), int64(1)
	for _, q := range quantitySuffixes {
		if n, ok := strings.CutSuffix(number, q.suffix); ok {
			number, factor = n, q.factor
			break
		}
	}
	v, ok := new(big.Rat).SetString(number)
	if !ok {
		return 0, fmt.Errorf("%q is not a quantity (10M, 1G)", s)
	}
	v.Mul(v, new(big.Rat).SetInt64(factor))
	bits := new(big.Int).Quo(v.Num(), v.Denom())
	if !bits.IsInt64() || bits.Sign() < 0 {
		return 0, fmt.Errorf("%s is outside 0..9223372036854775807 bit/s", s)
	}
	return bits.Int64(), nil
}
