//go:build tools

// Package tools pins kwok, so that go.sum covers everything that its build reads.
package tools

import (
	_ "sigs.k8s.io/kwok/cmd/kwok"
)
