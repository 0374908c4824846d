//go:build tools

// Package tools pins etcd, so that go.sum covers everything that its build reads.
package tools

import (
	_ "go.etcd.io/etcd/server/v3"
)
