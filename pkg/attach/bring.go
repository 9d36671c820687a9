// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"slices"

	"tcni.dev/pkg/plan"
	"tcni.dev/pkg/tc"
)

// bring changes what is there into the plan. What is there is known from the
// last time; where that was wrong, it is read and the difference sent again.
func (s *Session) bring(made *plan.Plan) error {
	steps, err := s.steps(made)
	if err == nil {
		err = s.carryOut(steps)
	}
	return s.finish(made, err)
}

// finish ends what carrying out the steps to a plan has begun, with err.
func (s *Session) finish(made *plan.Plan, err error) error {
	if err != nil {
		s.place.looked = false
		steps, err := s.steps(made)
		if err == nil {
			err = s.carryOut(steps)
		}
		if err != nil {
			s.place.looked = false
			return err
		}
	}
	s.last = made
	if s.place.looked { // in place: what iptables has did not change
		return nil
	}
	return s.ex.install(made)
}

func (s *Session) reread() error {
	if err := s.place.refresh(); err != nil {
		return err
	}
	return s.place.look()
}

// steps returns what changes what is there into the plan.
func (s *Session) steps(made *plan.Plan) ([]step, error) {
	if !s.place.looked {
		if err := s.reread(); err != nil {
			return nil, err
		}
	}
	steps, err := s.place.difference(made)
	if err != nil {
		return nil, err
	}
	return s.withTables(steps, made), nil
}

// carryOut sends steps, and remembers what is there then.
func (s *Session) carryOut(steps []step) error {
	if err := s.place.send(steps); err != nil {
		return err
	}
	for _, step := range steps {
		tree, known := carriedOut(s.place.have[step.spot], step.ops)
		s.place.have[step.spot] = tree
		if !known || len(step.newNames) > 0 {
			s.place.looked = false
		}
		if restoresTBF(step.ops) {
			if err := s.place.conn(step.where).Touch(step.dev, tc.HandleRoot); err != nil {
				return err
			}
		}
	}
	return nil
}

// restoresTBF tells whether our HTB goes from below the bandwidth plugin's TBF,
// which must get its own child back.
func restoresTBF(ops []tc.Op) bool {
	return slices.ContainsFunc(ops, func(op tc.Op) bool {
		q, ok := op.Object.(tc.Qdisc)
		return ok && op.Verb == tc.Delete && q.Parent == hostParentBelowTBF
	})
}

// carriedOut is a tree after steps that change its objects in place; others
// report false.
func carriedOut(have tc.Tree, ops []tc.Op) (_ tc.Tree, known bool) {
	have.Objects = slices.Clone(have.Objects)
	replaced := map[string]bool{}
	for _, op := range ops {
		slot := op.Object.Slot()
		_, isFilter := op.Object.(tc.Filter)
		switch {
		case op.Verb == tc.Change, isFilter && op.Verb == tc.Add && op.Have != nil:
			i := slices.IndexFunc(have.Objects, func(o tc.Object) bool { return o.Slot() == slot })
			if i < 0 {
				return have, false
			}
			have.Objects[i] = op.Object
			replaced[slot] = true
		case isFilter && op.Verb == tc.Delete && replaced[slot]:
		default:
			return have, false
		}
	}
	return have, true
}
