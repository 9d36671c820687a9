// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"

	"tcni.dev/pkg/install"
)

// watchGCPercent is Go's own: --watch stays, and need not be done soon.
const watchGCPercent = 100

// installFlags adds those that both verbs have.
func installFlags(cmd *cobra.Command, o *install.Options, dryRun *bool, network string) {
	flags := cmd.Flags()
	flags.StringVar(&o.BinDir, "bin-dir", install.DefaultBinDir, "where the runtime looks for plugins (CNI_PATH)")
	flags.StringVar(&o.ConfDir, "conf-dir", install.DefaultConfDir, "where the runtime looks for networks")
	flags.StringVar(&o.Network, "network", "", "the network of this name alone (default: "+network+")")
	flags.BoolVar(&o.Force, "force", false, "write over, or purge, an executable that is not tcni: it is lost")
	flags.BoolVar(dryRun, "dry-run", false, "print what would change as a diff, and change nothing")
}

func (p *process) installCmd() *cobra.Command {
	var o install.Options
	var entry string
	var dryRun, watch bool
	cmd := &cobra.Command{
		Use:   "install",
		Short: "put the plugin into the chain of this node's network",
		Long: `install copies the plugin tcni, which lies beside tcnictl, to where the runtime
looks for plugins, and puts an entry for it at the end of the chain of the network
that the runtime gives every pod. The rest of the file stays as it is, to the byte.
Twice is the same as once. An entry that the plugin would refuse is refused here;
one of type bandwidth puts it in the place of the plugin of that name, which must
not be there. With --watch it stays, and does it again whenever the
main plugin writes its file anew: for a DaemonSet. An uninstall beside it is undone
at once: let --uninstall-at-end do it.`,
		Example: `  tcnictl install --dry-run
  tcnictl install
  tcnictl install --watch
  tcnictl install --entry '{"type": "tcni", "egress": "rate 100mbit"}'`,
		Args: cobra.NoArgs,
	}
	installFlags(cmd, &o, &dryRun, "the one that the runtime gives every pod")
	cmd.Flags().StringVar(&o.Source, "source", "", "the plugin's executable (default: tcni beside tcnictl)")
	cmd.Flags().StringVar(&entry, "entry", "", "the plugin's entry, as JSON (default: what is there, or one that takes annotations)")
	cmd.Flags().BoolVar(&watch, "watch", false, "stay, and install again when the network's file is written anew")
	cmd.Flags().BoolVar(&o.Withdraw, "uninstall-at-end", false, "with --watch: take the entry out again when told to end (SIGTERM)")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if entry != "" {
			if !json.Valid([]byte(entry)) {
				return usagef("--entry: %s is not JSON", entry)
			}
			o.Entry = json.RawMessage(entry)
		}
		if watch && dryRun {
			return usagef("--watch and --dry-run contradict each other")
		}
		if o.Withdraw && !watch {
			return usagef("--uninstall-at-end is for --watch")
		}
		if watch {
			debug.SetGCPercent(watchGCPercent)
			return install.Watch(cmd.Context(), o, p.reportInstall)
		}
		return p.carryOut(install.Plan, install.Install, o, dryRun)
	}
	return cmd
}

func (p *process) uninstallCmd() *cobra.Command {
	var o install.Options
	var dryRun bool
	cmd := &cobra.Command{
		Use:   "uninstall",
		Short: "take the plugin out of the chain of this node's network",
		Long: `uninstall takes the plugin's entry out of every network's chain: that of type tcni,
and that of bandwidth where tcni is in that plugin's place. What runs stays shaped
until its DEL, for which the executable stays; --purge removes that too, unless a
file that cannot be cleaned still names it.`,
		Example: `  tcnictl uninstall --dry-run
  tcnictl uninstall
  tcnictl uninstall --purge`,
		Args: cobra.NoArgs,
	}
	installFlags(cmd, &o, &dryRun, "all")
	cmd.Flags().BoolVar(&o.Purge, "purge", false, "remove the executable too")
	cmd.RunE = func(*cobra.Command, []string) error {
		return p.carryOut(install.PlanUninstall, install.Uninstall, o, dryRun)
	}
	return cmd
}

// carryOut does it, unless only the diff of the plan is wanted.
func (p *process) carryOut(plan, do func(install.Options) (install.Changes, error), o install.Options, dryRun bool) error {
	if dryRun {
		do = plan
	}
	c, err := do(o)
	if err != nil {
		return err
	}
	if dryRun {
		_, err = fmt.Fprint(p.out, c.Diff())
	} else if !c.Empty() || c.Left() == nil {
		p.reportInstall(c, nil)
	}
	return errors.Join(err, c.Left())
}

// reportInstall says what was changed.
func (p *process) reportInstall(c install.Changes, err error) {
	if err != nil {
		p.warn(err.Error())
		return
	}
	if c.Empty() {
		fmt.Fprintln(p.out, "nothing to change")
	}
	for _, path := range c.Paths() {
		fmt.Fprintln(p.out, path)
	}
}
