// SPDX-License-Identifier: Apache-2.0

package conf

import "tcni.dev/pkg/tc"

// param is one thing that can be said of an impairment, in both forms. A new
// impairment is a new line in params.
type param struct {
	key   string                // in the object form
	word  string                // in the string form; "" where it is an argument of the word before
	alias string                // another word for it
	place string                // of an argument, an example: the word that it stands behind, and up to it
	group string                // what policy.impairments calls it
	needs string                // the key without which it means nothing
	at    func(*Impairment) any // the field; its type selects the unit
	bounds
	read  func(*reader, *Impairment, value) error     // object form, where the unit does not tell
	parse func(*reader, *Impairment, *tc.Words) error // string form, where it is not "word VALUE"
}

// params is in the order in which an impairment is printed. What package tc
// knows of netem is read and printed there.
var params = [...]param{
	{key: "rate", word: "rate", group: "rate", at: func(i *Impairment) any { return &i.Rate }, parse: parseRate},
	{key: "ceil", word: "ceil", group: "rate", needs: "rate", at: func(i *Impairment) any { return &i.Ceil }},
	{key: "burst", word: "burst", group: "rate", needs: "rate", at: func(i *Impairment) any { return &i.Burst }, bounds: burstBounds, parse: parseBurst},
	{key: "buffer", word: "buffer", group: "rate", needs: "rate", at: func(i *Impairment) any { return &i.Buffer }},
	{key: "overhead", word: "overhead", group: "rate", needs: "rate", at: func(i *Impairment) any { return &i.Framing.Overhead }, bounds: overheadBounds},
	{key: "mpu", word: "mpu", group: "rate", needs: "rate", at: func(i *Impairment) any { return &i.Framing.MPU }, bounds: bounds{0, 65535}},
	{key: "linkLayer", word: "linklayer", group: "rate", needs: "rate", at: func(i *Impairment) any { return &i.Framing.LinkLayer }},
	{key: "cellSize", word: "cellsize", group: "rate", needs: "rate", at: func(i *Impairment) any { return &i.Framing.CellSize }, bounds: cellSizeBounds},
	{key: "cellOverhead", word: "celloverhead", group: "rate", needs: "cellSize", at: func(i *Impairment) any { return &i.Framing.CellOverhead }, bounds: overheadBounds},

	{key: "delay", word: "delay", alias: "latency", group: "delay", at: func(i *Impairment) any { return &i.Netem.Delay }, parse: parseNetem},
	{key: "jitter", place: "delay 100ms 10ms", group: "delay", needs: "delay", at: func(i *Impairment) any { return &i.Netem.Jitter }},
	{key: "delayCorrelation", place: "delay 100ms 10ms 25%", group: "delay", needs: "jitter", at: func(i *Impairment) any { return &i.Netem.DelayCorr }},
	{key: "distribution", word: "distribution", group: "delay", needs: "jitter", at: func(i *Impairment) any { return &i.Netem.Distribution }, parse: parseNetem},
	{key: "distributionTable", group: "delay", needs: "jitter", at: func(i *Impairment) any { return &i.Netem.Distribution.Table }, read: readTable},
	{key: "delaySamples", group: "delay", at: noSamples, read: readSamples},
	{key: "keepOrder", word: "keeporder", group: "delay", needs: "jitter", at: func(i *Impairment) any { return &i.KeepOrder }, parse: parseKeepOrder},

	{key: "loss", word: "loss", alias: "drop", group: "loss", at: func(i *Impairment) any { return &i.Netem.Loss }, read: readLoss, parse: parseLoss},
	{key: "ecn", word: "ecn", group: "loss", needs: "loss", at: func(i *Impairment) any { return &i.Netem.ECN }, parse: parseNetem},
	{key: "duplicate", word: "duplicate", group: "duplicate", at: func(i *Impairment) any { return &i.Netem.Duplicate }, parse: parseNetem},
	{key: "duplicateCorrelation", place: "duplicate 1% 25%", group: "duplicate", needs: "duplicate", at: func(i *Impairment) any { return &i.Netem.DuplicateCorr }},
	{key: "corrupt", word: "corrupt", group: "corrupt", at: func(i *Impairment) any { return &i.Netem.Corrupt }, parse: parseNetem},
	{key: "corruptCorrelation", place: "corrupt 1% 25%", group: "corrupt", needs: "corrupt", at: func(i *Impairment) any { return &i.Netem.CorruptCorr }},
	{key: "reorder", word: "reorder", group: "reorder", needs: "delay", at: func(i *Impairment) any { return &i.Netem.Reorder }, parse: parseNetem},
	{key: "reorderCorrelation", place: "reorder 25% 50%", group: "reorder", needs: "reorder", at: func(i *Impairment) any { return &i.Netem.ReorderCorr }},
	{key: "gap", word: "gap", group: "reorder", needs: "reorder", at: func(i *Impairment) any { return &i.Netem.Gap }, bounds: bounds{1, maxUint32}, parse: parseNetem},

	{key: "slot", word: "slot", group: "slot", at: func(i *Impairment) any { return &i.Netem.Slot }, read: readSlot, parse: parseNetem},
	{key: "limit", word: "limit", group: "limit", at: func(i *Impairment) any { return &i.Netem.Limit }, bounds: bounds{1, maxUint32}, parse: parseNetem},
	{key: "seed", word: "seed", group: "seed", at: func(i *Impairment) any { return &i.Netem.Seed }, parse: parseNetem},
}

func paramByKey(key string) *param {
	for i := range params {
		if params[i].key == key {
			return &params[i]
		}
	}
	return nil
}

func paramByWord(word string) int {
	for i := range params {
		if p := &params[i]; p.word != "" && (p.word == word || p.alias == word) {
			return i
		}
	}
	return -1
}

func paramWords() []string {
	var words []string
	for i := range params {
		if params[i].word != "" {
			words = append(words, params[i].word)
		}
	}
	return words
}

// setParam reads one key of the object form into imp. It returns false for a
// key that is no impairment's.
func (r *reader) setParam(imp *Impairment, key string, v value) (known bool, err error) {
	p := paramByKey(key)
	if p == nil {
		return false, nil
	}
	at := p.at(imp)
	if p.read != nil {
		err = p.read(r, imp, v)
	} else {
		err = scalar(at, p.bounds, v)
	}
	if isZero(at) {
		r.cautionRounded(at, v.str())
	}
	return true, err
}

// paramKeys lists the keys of the object form, and others beside them.
func paramKeys(others ...string) []string {
	for i := range params {
		others = append(others, params[i].key)
	}
	return others
}

// impairmentGroups lists what policy.impairments may hold.
func impairmentGroups() []string {
	var names []string
	for i := range params {
		if n := len(names); n == 0 || names[n-1] != params[i].group {
			names = append(names, params[i].group)
		}
	}
	return names
}
