// SPDX-License-Identifier: Apache-2.0

package report

import "regexp"

// Report is everything that one run has measured.
type Report struct {
	Machine Machine  `json:"machine"`
	Groups  []*Group `json:"groups"`
}

// Machine is where that was.
type Machine struct {
	Kernel string `json:"kernel"` // uname -r
	CPU    string `json:"cpu"`
	CPUs   int    `json:"cpus"`
	Go     string `json:"go"`
}

// Group is rows that may be compared with each other.
type Group struct {
	Title string `json:"title"`
	Note  string `json:"note,omitempty"` // printed below the title
	Rows  []*Row `json:"rows"`
}

// Row finds a row by its ID; nil where there is none.
func (g *Group) Row(id string) *Row {
	for _, r := range g.Rows {
		if r.ID == id {
			return r
		}
	}
	return nil
}

// Fail notes a problem for every row that has no samples.
func (g *Group) Fail(err error) {
	for _, r := range g.Rows {
		if len(r.Samples) == 0 && r.Problem == "" {
			r.Problem = err.Error()
		}
	}
}

// Row finds a row of any group.
func (r *Report) Row(id string) *Row {
	for _, g := range r.Groups {
		if row := g.Row(id); row != nil {
			return row
		}
	}
	return nil
}

// Ratio returns the quotient of medians; false where one of them is missing.
func (r *Report) Ratio(row *Row, ratio Ratio) (float64, bool) {
	ref := r.Row(ratio.Of)
	if ref == nil || ref.Median() == 0 || len(row.Samples) == 0 {
		return 0, false
	}
	return row.Median() / ref.Median(), true
}

// Targets judges the targets of a row.
func (r *Report) Targets(row *Row) []Target {
	var out []Target
	if row.Max > 0 {
		t := Target{Row: row.ID, Max: row.Max, Value: row.Median(), unit: row.Unit}
		out = append(out, t.judge(len(row.Samples) > 0))
	}
	for _, ratio := range row.Ratios {
		if ratio.Max > 0 {
			v, ok := r.Ratio(row, ratio)
			t := Target{Row: row.ID, Of: ratio.Name, Max: ratio.Max, Value: v}
			out = append(out, t.judge(ok))
		}
	}
	return out
}

// AllTargets judges every target, in the order of the rows.
func (r *Report) AllTargets() []Target {
	var out []Target
	for _, g := range r.Groups {
		for _, row := range g.Rows {
			out = append(out, r.Targets(row)...)
		}
	}
	return out
}

// Select keeps the rows whose ID matches, and those they refer to; groups that
// have none are left out.
func Select(groups []*Group, want *regexp.Regexp) []*Group {
	var out []*Group
	for _, g := range groups {
		keep := map[string]bool{}
		for _, row := range g.Rows {
			if want.MatchString(row.ID) {
				keep[row.ID] = true
				for _, ratio := range row.Ratios {
					keep[ratio.Of] = true
				}
			}
		}
		var rows []*Row
		for _, row := range g.Rows {
			if keep[row.ID] {
				rows = append(rows, row)
			}
		}
		if len(rows) > 0 {
			out = append(out, &Group{Title: g.Title, Note: g.Note, Rows: rows})
		}
	}
	return out
}
