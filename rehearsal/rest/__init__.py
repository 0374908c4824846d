"""Google's APIs that a program calls itself, over HTTP, where Pulumi's provider has no class."""
