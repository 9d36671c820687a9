// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// manualDate stands on the pages: a date of their making would make every page
// new.
var manualDate = time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)

func (p *process) manualCmd() *cobra.Command {
	return &cobra.Command{
		Use:     "manual DIR",
		Short:   "write the manual pages into a directory",
		Long:    "manual writes a page for each verb, for man(1).",
		Example: "  tcnictl manual /usr/local/share/man/man1",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return err
			}
			root := cmd.Root()
			root.InitDefaultHelpCmd()
			for _, verb := range append(root.Commands(), root) {
				verb.Long = fenced(verb.Long)
			}
			return doc.GenManTree(root, &doc.GenManHeader{Title: "TCNICTL", Section: "1", Source: "tcni", Manual: "tcni", Date: &manualDate}, args[0])
		},
	}
}

// fenced puts fences around the indented blocks of a verb's text, which man(1)
// would fill like prose: two spaces make no block in Markdown, of which the pages
// are made.
func fenced(text string) string {
	paragraphs := strings.Split(text, "\n\n")
	for i, p := range paragraphs {
		if strings.HasPrefix(p, "  ") {
			paragraphs[i] = "```\n" + p + "\n```"
		}
	}
	return strings.Join(paragraphs, "\n\n")
}
