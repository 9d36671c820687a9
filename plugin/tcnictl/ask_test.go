// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"os"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"sigs.k8s.io/yaml"
)

// askMain asks a server that listens on a unix socket, prints the status and the
// answer, and holds it against the description that the server gives of itself:
//
//	ask SOCKET METHOD PATH [BODY]
func askMain() int {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "unix", os.Args[1])
	}
	c := http.Client{Transport: &http.Transport{DialContext: dial}}
	doc, err := description(&c)
	if err != nil {
		return report(err)
	}
	body := strings.Join(os.Args[4:], " ")
	req, err := http.NewRequest(os.Args[2], "http://node"+os.Args[3], strings.NewReader(body))
	if err != nil {
		return report(err)
	}
	req.Header.Set("Content-Type", "application/json")
	status, kind, data, err := send(&c, req)
	if err != nil {
		return report(err)
	}
	fmt.Printf("%d %s\n", status, data)
	return report(doc.check(req, status, kind, data))
}

func send(c *http.Client, req *http.Request) (status int, kind string, data []byte, err error) {
	resp, err := c.Do(req)
	if err != nil {
		return 0, "", nil, err
	}
	defer resp.Body.Close()
	data, err = io.ReadAll(resp.Body)
	kind, _, kindErr := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	return resp.StatusCode, kind, data, errors.Join(err, kindErr)
}

// document is a description in OpenAPI, of which nothing may be left out: what it
// does not tell of is wrong.
type document struct {
	root     any
	compiler *jsonschema.Compiler
}

const documentURL = "http://node/openapi.json"

func description(c *http.Client) (document, error) {
	req, err := http.NewRequest(http.MethodGet, "http://node/openapi.yaml", nil)
	if err != nil {
		return document{}, err
	}
	_, _, data, err := send(c, req)
	if err != nil {
		return document{}, err
	}
	if data, err = yaml.YAMLToJSONStrict(data); err != nil {
		return document{}, err
	}
	root, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return document{}, err
	}
	closeSchemas(root, false)
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	return document{root, compiler}, compiler.AddResource(documentURL, root)
}

// closeSchemas forbids further properties wherever a schema is used. open are
// those that others are made of.
func closeSchemas(node any, open bool) {
	switch v := node.(type) {
	case []any:
		for _, child := range v {
			closeSchemas(child, open)
		}
	case map[string]any:
		ref, _ := v["$ref"].(string)
		used := v["properties"] != nil || v["allOf"] != nil || strings.HasPrefix(ref, "#/components/schemas/")
		if used && !open && v["additionalProperties"] == nil {
			v["unevaluatedProperties"] = false
		}
		for key, child := range v {
			if key == "schemas" {
				for _, schema := range child.(map[string]any) {
					closeSchemas(schema, true)
				}
				continue
			}
			closeSchemas(child, key == "allOf")
		}
	}
}

// check says what in an answer is not as it is described.
func (d document) check(req *http.Request, status int, kind string, data []byte) error {
	operation := "/paths/" + escaped(req.URL.Path) + "/" + strings.ToLower(req.Method)
	where := operation + "/responses/" + fmt.Sprint(status)
	if d.at(where) == nil {
		where = operation + "/responses/default"
	}
	if d.at(operation) == nil { // a path or a method that there is not
		where = "/components/responses/error"
	}
	response, _ := d.at(where).(map[string]any)
	if ref, ok := response["$ref"].(string); ok {
		where = strings.TrimPrefix(ref, "#")
	}
	where += "/content/" + escaped(kind) + "/schema"
	schema, err := d.compiler.Compile(documentURL + "#" + where)
	if err != nil {
		return fmt.Errorf("%d %s: %w", status, kind, err)
	}
	var value any = string(data)
	if kind == "application/json" {
		if value, err = jsonschema.UnmarshalJSON(bytes.NewReader(data)); err != nil {
			return err
		}
	}
	return schema.Validate(value)
}

func escaped(s string) string { return strings.ReplaceAll(strings.ReplaceAll(s, "~", "~0"), "/", "~1") }

// at finds what a JSON pointer (RFC 6901) leads to; nil: nothing.
func (d document) at(pointer string) any {
	node := d.root
	for _, key := range strings.Split(pointer, "/")[1:] {
		m, _ := node.(map[string]any)
		node = m[strings.ReplaceAll(strings.ReplaceAll(key, "~1", "/"), "~0", "~")]
	}
	return node
}
