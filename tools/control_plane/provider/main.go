// The real Kubernetes provider of Pulumi, with the version of the SDK that is installed beside it.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
)

// Set by the linker.
var version string

// The provider's own main embeds two files that its release generates and its module lacks: here they lie beside the program.
func beside(name string) []byte {
	program, err := os.Executable()
	if err == nil {
		var content []byte
		if content, err = os.ReadFile(filepath.Join(filepath.Dir(program), name)); err == nil {
			return content
		}
	}
	fmt.Fprintln(os.Stderr, "pulumi-resource-kubernetes:", err, "- `make control-plane` puts it there")
	os.Exit(1)
	return nil
}

func main() {
	provider.Serve("kubernetes", version, beside("schema.json"), beside("terraform-mapping.json"))
}
