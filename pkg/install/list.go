// SPDX-License-Identifier: Apache-2.0

package install

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// span is where a value lies in the text: its first byte and the one after its last.
type span struct{ start, end int }

// list is the text of a configuration list and where its plugins lie.
type list struct {
	text    []byte
	name    string
	version string
	open    int // after the bracket of "plugins"
	plugins []plugin
}

// plugin is one entry of a list.
type plugin struct {
	span
	Type         string
	Capabilities map[string]bool
}

// parseList reads a .conflist.
func parseList(text []byte) (*list, error) {
	l := &list{text: text}
	seen := false
	err := members(text, func(key string, d *json.Decoder) error {
		switch key {
		case "name":
			return d.Decode(&l.name)
		case "cniVersion":
			return d.Decode(&l.version)
		case "plugins":
			if seen {
				return errors.New(`"plugins" is given twice`)
			}
			seen = true
			return l.parsePlugins(d)
		}
		return d.Decode(new(json.RawMessage))
	})
	if err == nil && len(l.plugins) == 0 {
		err = errors.New(`no plugins in "plugins"`)
	}
	return l, err
}

func (l *list) parsePlugins(d *json.Decoder) error {
	if tok, err := d.Token(); err != nil || tok != json.Delim('[') {
		return errors.Join(errors.New(`"plugins" is no list`), err)
	}
	l.open = int(d.InputOffset())
	for d.More() {
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return err
		}
		end := int(d.InputOffset())
		p := plugin{span: span{end - len(raw), end}}
		if err := json.Unmarshal(raw, &p); err != nil {
			return fmt.Errorf("plugins[%d]: %w", len(l.plugins), err)
		}
		l.plugins = append(l.plugins, p)
	}
	_, err := d.Token()
	return err
}

// members calls fn for each key of an object, with the decoder before its value.
func members(text []byte, fn func(key string, d *json.Decoder) error) error {
	if err := valid(text); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	if tok, err := d.Token(); err != nil || tok != json.Delim('{') {
		return errors.Join(errors.New("no JSON object"), err)
	}
	for d.More() {
		tok, err := d.Token()
		if err != nil {
			return err
		}
		key, _ := tok.(string)
		if err := fn(key, d); err != nil {
			return err
		}
	}
	return nil
}

// valid says where a text is no JSON.
func valid(text []byte) error {
	err := json.Unmarshal(text, new(json.RawMessage))
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		before := text[:min(int(syntax.Offset), len(text))]
		return fmt.Errorf("line %d: %w", 1+bytes.Count(before, []byte("\n")), err)
	}
	return err
}
