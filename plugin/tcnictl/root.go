// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"path/filepath"

	"github.com/spf13/cobra"

	"tcni.dev/internal/version"
	"tcni.dev/pkg/attach"
)

const rootLong = `tcnictl shows, changes, plays and counts the network weather of the containers on
this node. It works on what the CNI plugin tcni left there: the records in
/run/tcni and the queues in the kernel. It needs no daemon.

ATTACHMENT names one interface of one container, or several:

  default/web       a pod                 default/web:net1  its interface net1
  web               a pod, if it is the only one called this
  3f2a91            a container's ID, or its beginning
  'default/web-*'   all pods that match   tcni-a1b2…        the mark on the host's link

A name or glob also means containers that nobody has shaped, as libcni's cache
knows them; of a shaped one, it means the interfaces that are, unless it tells
another. --all, or no name where none is needed, means those that something was
asked for when they were added or since.

Directions are the container's: egress is container → network, ingress is
network → container. They are written in the words of tc-netem(8), or as an
object in JSON or YAML, as in the annotation tcni.dev/egress.

Exit status: 0 done; 1 it failed; 2 the command line or a value in it is wrong;
3 there is no such attachment; 4 what is there is not what is to be there; 5 it
took too long, or another tcnictl holds the attachment.`

const rootExamples = `  tcnictl list
  tcnictl show default/web
  tcnictl set default/web egress delay 100ms loss 1% --for 30s
  tcnictl stats default/web --watch
  tcnictl play subway.yaml default/web
  tcnictl clear default/web`

// usageTemplate is cobra's with the examples at the end.
const usageTemplate = `Usage:{{if .Runnable}}
  {{.UseLine}}{{end}}{{if .HasAvailableSubCommands}}
  {{.CommandPath}} VERB{{end}}{{if .HasAvailableSubCommands}}{{$cmds := .Commands}}{{range $group := .Groups}}

{{.Title}}{{range $cmds}}{{if (and (eq .GroupID $group.ID) .IsAvailableCommand)}}
  {{rpad .Name .NamePadding }} {{.Short}}{{end}}{{end}}{{end}}{{if not .Groups}}

Verbs:{{range $cmds}}{{if .IsAvailableCommand}}
  {{rpad .Name .NamePadding }} {{.Short}}{{end}}{{end}}{{end}}{{end}}{{if .HasAvailableLocalFlags}}

Flags:
{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}{{if .HasAvailableInheritedFlags}}

Flags of all verbs:
{{.InheritedFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}{{if .HasExample}}

Examples:
{{.Example}}{{end}}
`

// recordsEnv names the environment variable that says where the records are.
const recordsEnv = "TCNI_RECORDS"

// cacheEnv names the one that says where libcni's cache is: directories with colons between.
const cacheEnv = "TCNI_CNI_CACHE"

// Groups of verbs in the help.
const (
	groupLook   = "look"
	groupChange = "change"
	groupNode   = "node"
)

// verbs are all verbs with their group. A new verb is a new line.
func (p *process) verbs() map[string][]*cobra.Command {
	return map[string][]*cobra.Command{
		groupLook:   {p.listCmd(), p.showCmd(), p.statsCmd(), p.topCmd(), p.planCmd(), p.profilesCmd(), p.waitCmd()},
		groupChange: {p.setCmd(), p.clearCmd(), p.playCmd(), p.restoreCmd(), p.revertCmd()},
		groupNode:   {p.serveCmd(), p.installCmd(), p.uninstallCmd(), p.manualCmd()},
	}
}

func (p *process) root() *cobra.Command {
	root := &cobra.Command{
		Use:               "tcnictl",
		Short:             "look at, change and count containers' network weather",
		Long:              rootLong,
		Example:           rootExamples,
		Version:           version.Of("tcnictl"),
		SilenceErrors:     true,
		SilenceUsage:      true,
		DisableAutoGenTag: true,
	}
	root.SetUsageTemplate(usageTemplate)
	root.SetVersionTemplate("{{.Version}}\n")
	root.Flags().Bool("version", false, "print what it was built from") // cobra's takes -v
	root.SetFlagErrorFunc(flagError)
	flags := root.PersistentFlags()
	flags.StringVar(&p.records.Dir, "records", cmp.Or(p.getenv(recordsEnv), attach.RecordDir), "directory of the plugin's records ($"+recordsEnv+")")
	dirs := attach.CacheDirs
	if list := p.getenv(cacheEnv); list != "" {
		dirs = filepath.SplitList(list)
	}
	flags.StringSliceVar(&p.cache, "cni-cache", dirs, "directories where libcni keeps results ($"+cacheEnv+")")
	flags.StringVarP(&p.output, "output", "o", "", "form of what is printed: see each verb")
	_ = root.RegisterFlagCompletionFunc("output", completeOutput)
	root.AddGroup(&cobra.Group{ID: groupLook, Title: "Look:"}, &cobra.Group{ID: groupChange, Title: "Change:"}, &cobra.Group{ID: groupNode, Title: "On the node:"})
	for group, verbs := range p.verbs() {
		for _, v := range verbs {
			v.GroupID = group
			p.completeSelection(v)
			root.AddCommand(v)
		}
	}
	root.SetHelpCommandGroupID(groupNode)
	root.SetCompletionCommandGroupID(groupNode)
	root.InitDefaultCompletionCmd()
	if completion, _, err := root.Find([]string{"completion"}); err == nil {
		completion.Example = "  source <(tcnictl completion bash)"
	}
	return root
}
