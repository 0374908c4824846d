//go:build tools

// Package tools pins the Pulumi command line, so that go.sum covers everything that its build reads.
package tools

import (
	_ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
)
