// SPDX-License-Identifier: Apache-2.0

package install

import (
	"encoding/json"
	"errors"
	"fmt"

	"tcni.dev/conf"
)

// ErrEntry says that Options.Entry is not one that the plugin takes: no waiting mends it.
var ErrEntry = errors.New("entry")

// kind is the "type" of the entry, which becomes the name of a file.
func (o Options) kind() (string, error) {
	if len(o.Entry) == 0 {
		return entryType, nil
	}
	var entry struct{ Type string }
	if err := json.Unmarshal(o.Entry, &entry); err != nil {
		return "", fmt.Errorf("%w: %w", ErrEntry, err)
	}
	if entry.Type != entryType && entry.Type != bandwidthType {
		return "", fmt.Errorf("%w: type %q: tcni is installed as %q, or as %q in that plugin's place", ErrEntry, entry.Type, entryType, bandwidthType)
	}
	return entry.Type, nil
}

// checkEntry reads the entry as the plugin will, which libcni gives the list's name and version
// (buildOneConfig): a value that it refuses would keep every container from starting.
func (o Options) checkEntry(l *list) error {
	if len(o.Entry) == 0 {
		return nil
	}
	var stdin map[string]any
	if err := json.Unmarshal(o.Entry, &stdin); err != nil {
		return fmt.Errorf("%w: %w", ErrEntry, err)
	}
	stdin["name"], stdin["cniVersion"] = l.name, l.version
	text, err := json.Marshal(stdin)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrEntry, err)
	}
	c, err := conf.Parse(text, conf.Env{Tables: conf.SystemTable, Profiles: conf.SystemProfiles})
	if err != nil {
		return fmt.Errorf("%w: %w", ErrEntry, err)
	}
	if c.Delegate != nil {
		return fmt.Errorf("%w: delegate: stands in the main plugin's place, and the entry behind it", ErrEntry)
	}
	return nil
}
