// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"tcni.dev/pkg/attach"
	"tcni.dev/pkg/plan"
	"tcni.dev/pkg/tc"
)

// planOptions are the flags of plan.
type planOptions struct {
	egress, ingress, profile string
	annotations              []string
	args, device, placement  string
	diff                     string
	mtu                      uint32
	noPeer                   bool
}

func (p *process) planCmd() *cobra.Command {
	var o planOptions
	cmd := &cobra.Command{
		Use:   "plan [FILE…]",
		Short: "print what ADD would make, without a container, a kernel or root",
		Long: `plan reads what the plugin would read and prints the tc(8) commands that it would
amount to, with all warnings. FILE is a conflist, one entry of it, or a manifest
with annotations (a Pod, a Deployment, a CronJob), in JSON or YAML; - is standard
input, which is read only then. A NetworkAttachmentDefinition stands for a
conflist, with the cni-args that the pod has for it. Without a conflist, an entry that only takes annotations
stands for it; without any of FILE and the flags that stand for one, there is
nothing to plan, and the exit status is 2.

With --diff, it prints the commands that would change an attachment on this node
into what was read, and exits with 4 if there are any.

--output: tc, json, yaml`,
		Example: `  tcnictl plan --egress 'delay 100ms loss 1%'
  tcnictl plan 10-net.conflist pod.yaml --mtu 9000
  kubectl get pod web -o yaml | tcnictl plan -
  kubectl get pod web -o yaml | tcnictl plan /etc/cni/net.d/10-net.conflist -
  tcnictl plan --egress 'rate 5mbit' --diff default/web`,
	}
	flags := cmd.Flags()
	flags.StringVar(&o.egress, "egress", "", "the annotation tcni.dev/egress")
	flags.StringVar(&o.ingress, "ingress", "", "the annotation tcni.dev/ingress")
	flags.StringVar(&o.profile, "profile", "", "the annotation tcni.dev/profile")
	flags.StringArrayVar(&o.annotations, "annotation", nil, "any annotation, as KEY=VALUE; may be repeated")
	flags.StringVar(&o.args, "args", "", "CNI_ARGS")
	flags.StringVar(&o.device, "interface", "eth0", "the container's interface")
	flags.Uint32Var(&o.mtu, "mtu", 1500, "of the container's interface, in bytes")
	flags.StringVar(&o.placement, "placement", "", "auto, container or host, whatever the conflist says")
	flags.BoolVar(&o.noPeer, "no-peer", false, "the interface has no other end on the host (macvlan, SR-IOV)")
	flags.StringVar(&o.diff, "diff", "", "compare with an attachment on this node")
	_ = cmd.RegisterFlagCompletionFunc("diff", p.completeNames)
	_ = cmd.RegisterFlagCompletionFunc("placement", cobra.FixedCompletions([]string{"auto", "container", "host"}, cobra.ShellCompDirectiveNoFileComp))
	cmd.RunE = func(_ *cobra.Command, files []string) error { return p.plan(o, files) }
	return cmd
}

func (p *process) plan(o planOptions, files []string) error {
	form, err := p.form(outputs["plan"]...)
	if err != nil {
		return err
	}
	c, err := p.planned(o, files)
	if err != nil {
		return err
	}
	if o.diff != "" {
		return p.diff(form, o.diff, c)
	}
	made, err := plan.Build(c.Shape, o.facts(c))
	if err != nil {
		return fmt.Errorf("%w: %w", attach.ErrShape, err)
	}
	warnings := append(c.Warnings, made.Warnings...)
	if form != "tc" {
		return p.encode(form, planView(made, warnings))
	}
	p.warn(warnings...)
	if len(made.Trees) == 0 {
		fmt.Fprintln(p.out, "# nothing is shaped")
	}
	_, err = io.WriteString(p.out, tc.Text(made.Trees))
	return err
}
