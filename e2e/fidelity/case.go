// SPDX-License-Identifier: Apache-2.0

package fidelity

import "context"

// Direction is the container's.
type Direction string

// Directions.
const (
	Egress  Direction = "egress"
	Ingress Direction = "ingress"
)

// Case is one shape and what is measured of it.
type Case struct {
	Name      string
	Direction Direction // of the traffic and of Words; egress if empty
	// Words is the value of the annotation for the direction: netem words,
	// JSON or YAML.
	Words string
	// Plain is what a netem user would type for the same; empty where netem
	// has no words for it.
	Plain string
	// Placement of tcni's queues; auto if empty.
	Placement string
	MTU       int // of the container's link; 0 is defaultMTU
	Measure   Measurement
	// ErrorBelow is the kernel (major·1000 + minor) below which an attachment
	// must fail with an error that has the word Error in it; 0 is none.
	ErrorBelow int
	Error      string
	// Known tells of deviations that no arrangement of the kernel's queues
	// avoids, by metric: they are shown, with this reason, and do not fail the
	// run.
	Known map[string]string
}

// Measurement is what is measured on a link that has the case's shape.
type Measurement func(ctx context.Context, l *Link) (Measured, error)

// Measured is a measurement's outcome.
type Measured struct {
	Readings []Reading `json:"readings"`
	Series   []Series  `json:"series,omitempty"`
}

// Series are points for the family's plot.
type Series struct {
	Name   string    `json:"name"`
	XLabel string    `json:"x"`
	YLabel string    `json:"y"`
	X      []float64 `json:"xs"`
	Y      []float64 `json:"ys"`
}

// Family is a table of cases about one impairment.
type Family struct {
	Name  string
	About string
	Cases []Case
}

// Families in the order of the report.
func Families() []Family {
	return []Family{delayFamily(), jitterFamily(), lossFamily(), mangleFamily(), rateFamily(), queueFamily(),
		ruleFamily(), changeFamily(), seedFamily()}
}
