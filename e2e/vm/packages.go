// SPDX-License-Identifier: Apache-2.0

package vm

import (
	"errors"
	"regexp"
	"slices"
	"strings"
)

// What belongs to one release: the image, and where they are packages of
// their own its modules and the file that is booted.
var partOfKernel = regexp.MustCompile(`^linux-(image|modules|binary|base)-[0-9]`)

var metaPackage = regexp.MustCompile(`^linux-(image|modules|binary|base)-amd64$`)

// kernelPackages follows the dependencies of a metapackage and returns those
// that hold a kernel. show prints a package's record.
func kernelPackages(meta string, show func(string) (string, error)) ([]string, error) {
	var found []string
	queue := []string{meta}
	for i := 0; i < len(queue); i++ {
		record, err := show(queue[i])
		if err != nil {
			return nil, err
		}
		if partOfKernel.MatchString(queue[i]) {
			found = append(found, queue[i])
		}
		for _, name := range dependencies(record) {
			part := partOfKernel.MatchString(name) || metaPackage.MatchString(name)
			if part && !slices.Contains(queue, name) {
				queue = append(queue, name)
			}
		}
	}
	if len(found) == 0 {
		return nil, errors.New(meta + " depends on no kernel")
	}
	return found, nil
}

// dependencies returns the names in a record's field Depends.
func dependencies(record string) []string {
	var names []string
	for line := range strings.Lines(record) {
		list, ok := strings.CutPrefix(line, "Depends: ")
		if !ok {
			continue
		}
		for dep := range strings.FieldsFuncSeq(list, func(r rune) bool { return r == ',' || r == '|' }) {
			names = append(names, strings.Fields(dep)[0])
		}
	}
	return names
}
