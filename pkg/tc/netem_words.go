// SPDX-License-Identifier: Apache-2.0

package tc

import (
	"fmt"
	"strings"
)

// netemWord is one keyword of tc-netem(8): how its arguments are read and
// printed. A new impairment is a new line in netemWords.
type netemWord struct {
	names []string // the first one is printed
	parse func(*Netem, *Words) error
	print func(*Netem) string
}

var netemWords = []netemWord{
	{[]string{"limit"}, parseNetemLimit, printNetemLimit},
	{[]string{"delay", "latency"}, parseDelay, printDelay},
	{[]string{"distribution"}, parseDistribution, printDistribution},
	{[]string{"loss", "drop"}, parseLoss, printLoss},
	{[]string{"ecn"}, parseECN, printECN},
	{[]string{"duplicate"}, parseDuplicate, printDuplicate},
	{[]string{"corrupt"}, parseCorrupt, printCorrupt},
	{[]string{"reorder"}, parseReorder, printReorder},
	{[]string{"gap"}, parseGap, printGap},
	{[]string{"rate"}, parseNetemRate, printNetemRate},
	{[]string{"slot"}, parseSlot, printSlot},
	{[]string{"seed"}, parseSeed, printSeed},
}

// NetemWords lists the keywords that ParseNetemWord knows.
func NetemWords() []string {
	var names []string
	for _, w := range netemWords {
		names = append(names, w.names...)
	}
	return names
}

// ParseNetemWord reads one keyword and its arguments from w into n. It returns
// false and reads nothing if the next word is no keyword of netem's.
func ParseNetemWord(n *Netem, w *Words) (bool, error) {
	for _, word := range netemWords {
		if w.Accept(word.names...) {
			return true, word.parse(n, w)
		}
	}
	return false, nil
}

// ParseNetem reads what stands after "netem" on tc(8)'s command line.
func ParseNetem(w *Words) (Netem, error) {
	var n Netem
	for !w.Done() {
		known, err := ParseNetemWord(&n, w)
		if err != nil {
			return n, err
		}
		if !known {
			return n, fmt.Errorf("netem: unknown word %q", w.Peek())
		}
	}
	return n, nil
}

func parseNetemLimit(n *Netem, w *Words) (err error) {
	n.Limit, err = Arg(w, "limit", ParseUint32)
	return err
}

func printNetemLimit(n *Netem) string { return optional("limit", n.Limit) }

func parseECN(n *Netem, _ *Words) error { n.ECN = true; return nil }

func printECN(n *Netem) string {
	if n.ECN {
		return "ecn"
	}
	return ""
}

// parseShare reads "PERCENT [CORRELATION]".
func parseShare(w *Words, name string, share, corr *Percent) (err error) {
	if *share, err = Arg(w, name, ParsePercent); err != nil {
		return err
	}
	*corr = 0
	_, err = OptArg(w, name+" correlation", corr, ParsePercent)
	return err
}

func printShare(name string, share, corr Percent) string {
	switch {
	case share == 0 && corr == 0:
		return ""
	case corr == 0:
		return fmt.Sprintf("%s %v", name, share)
	}
	return fmt.Sprintf("%s %v %v", name, share, corr)
}

func parseDuplicate(n *Netem, w *Words) error {
	return parseShare(w, "duplicate", &n.Duplicate, &n.DuplicateCorr)
}

func printDuplicate(n *Netem) string { return printShare("duplicate", n.Duplicate, n.DuplicateCorr) }

func parseCorrupt(n *Netem, w *Words) error {
	return parseShare(w, "corrupt", &n.Corrupt, &n.CorruptCorr)
}

func printCorrupt(n *Netem) string { return printShare("corrupt", n.Corrupt, n.CorruptCorr) }

func parseReorder(n *Netem, w *Words) error {
	return parseShare(w, "reorder", &n.Reorder, &n.ReorderCorr)
}

func printReorder(n *Netem) string { return printShare("reorder", n.Reorder, n.ReorderCorr) }

func parseGap(n *Netem, w *Words) (err error) {
	n.Gap, err = Arg(w, "gap", ParseUint32)
	return err
}

func printGap(n *Netem) string { return optional("gap", n.Gap) }

func parseSeed(n *Netem, w *Words) error {
	v, err := Arg(w, "seed", ParseUint64)
	n.Seed = Seed{Set: true, Value: v}
	return err
}

func printSeed(n *Netem) string {
	if !n.Seed.Set {
		return ""
	}
	return fmt.Sprintf("seed %d", n.Seed.Value)
}

// optional prints a keyword with its value, or nothing for a zero value.
func optional[T comparable](name string, v T) string {
	var zero T
	if v == zero {
		return ""
	}
	return strings.TrimSpace(fmt.Sprintf("%s %v", name, v))
}
