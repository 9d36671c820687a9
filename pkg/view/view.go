// SPDX-License-Identifier: Apache-2.0

// Package view holds what programs are shown of attachments, as JSON: by
// tcnictl, by its API, and by the client of that. Directions are in the object
// form of package conf.
package view

import (
	"time"

	"tcni.dev/conf"
)

// Attachment is one interface of one container.
type Attachment struct {
	Name        string         `json:"name"` // namespace/pod, or the container's ID in short
	Mark        string         `json:"mark"` // the altname of the link on the host; unique on the node
	Network     string         `json:"network,omitempty"`
	ContainerID string         `json:"containerID,omitempty"`
	IfName      string         `json:"ifName,omitempty"`
	Pod         conf.Pod       `json:"pod,omitzero"`
	Netns       string         `json:"netns,omitempty"`
	HostLink    string         `json:"hostLink,omitempty"`
	Placement   conf.Placement `json:"placement,omitempty"`

	State       State    `json:"state"`
	Why         string   `json:"why,omitempty"`         // where the state is not ok
	Differences []string `json:"differences,omitempty"` // "container eth0: SLOT: want X, got Y"
	Warnings    []string `json:"warnings,omitempty"`

	Shape     Shape        `json:"shape"`               // what is to be in force
	Installed *Shape       `json:"installed,omitempty"` // what ADD asked for, where that is another
	Sources   conf.Sources `json:"sources,omitzero"`    // of Installed
	Overrides []Override   `json:"overrides,omitempty"` // the topmost first
	Trees     []Tree       `json:"trees,omitempty"`     // what is in the kernel
}

// Shape is both directions; a nil one is left alone.
type Shape struct {
	Egress  *conf.Direction `json:"egress,omitempty"`
	Ingress *conf.Direction `json:"ingress,omitempty"`
}

// Override is a shape that stands in the installed one's place.
type Override struct {
	ID    string    `json:"id"`
	By    string    `json:"by"` // set, play
	Since time.Time `json:"since"`
	Until time.Time `json:"until,omitzero"`
	Label string    `json:"label,omitempty"` // of a scenario's step
}

// State is how an attachment does.
type State string

// The states.
const (
	OK      State = "ok"      // the kernel has what is to be in force
	Drift   State = "drift"   // it has something else
	Gone    State = "gone"    // the container's namespace or interface is not there
	Overdue State = "overdue" // an override should have ended: tcnictl restore
	Stray   State = "stray"   // there is a mark and no record, or one that cannot be read

	Unknown State = "unknown" // only root may look

	Unshaped State = "unshaped" // nobody asked for a shape; listed where all are asked for
)

// Tree is all that is ours on one device.
type Tree struct {
	Where  string   `json:"where"` // container, host
	Device string   `json:"device"`
	Lines  []string `json:"lines"` // as ip(8) and tc(8) would make it
}
