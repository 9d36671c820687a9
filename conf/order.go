// SPDX-License-Identifier: Apache-2.0

package conf

import "tcni.dev/pkg/tc"

// parseKeepOrder reads "keeporder [yes|no]".
func parseKeepOrder(_ *reader, imp *Impairment, w *tc.Words) error {
	w.Next()
	imp.KeepOrder = OrderKeep
	if !w.Accept("yes") && w.Accept("no") {
		imp.KeepOrder = OrderFree
	}
	return nil
}

// String prints the string form's argument; "" for the default.
func (o Order) String() string {
	switch o {
	case OrderKeep:
		return "yes"
	case OrderFree:
		return "no"
	}
	return ""
}
